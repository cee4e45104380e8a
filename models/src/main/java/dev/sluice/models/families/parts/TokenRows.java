package dev.sluice.models.families.parts;

import dev.sluice.models.tensor.Device;
import dev.sluice.models.tensor.Tensors;
import dev.sluice.models.value.VisualTokens;
import java.io.ByteArrayOutputStream;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** Brings visual tokens back to the device. Stateless. */
final class TokenRows {
  private TokenRows() {}

  /**
   * @param pictures of equally many rows, at least one
   * @return [B, T, E] in their type
   */
  static Tensor stack(List<VisualTokens> pictures, Device device) {
    VisualTokens first = pictures.get(0);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    pictures.forEach(picture -> all.writeBytes(picture.data()));
    Tensor host =
        Tensors.ofRaw(
            all.toByteArray(),
            Tensors.scalarType(first.dtype()),
            pictures.size(),
            first.rows(),
            first.width());
    return Tensors.to(host, device, first.dtype());
  }
}
