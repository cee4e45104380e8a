// Unpacks the native libraries to user.home, while an image is built. Where CUDA is missing they
// are unpacked and cannot be linked; jshell says so and goes on.
org.bytedeco.javacpp.Loader.load(org.bytedeco.pytorch.global.torch.class)
org.bytedeco.javacpp.Loader.load(org.bytedeco.opencv.global.opencv_imgcodecs.class)
ai.djl.huggingface.tokenizers.jni.LibUtils.checkStatus()
/exit
