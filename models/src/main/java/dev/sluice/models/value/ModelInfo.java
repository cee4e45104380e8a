package dev.sluice.models.value;

/**
 * Which model produced a result. Immutable.
 *
 * @param family for example {@code llava-uhd}
 * @param revision the folder's own version, or its name
 * @param weightsSha256 SHA-256 over the weight files' content, lower-case hex
 * @param dtype what was computed in
 */
public record ModelInfo(String family, String revision, String weightsSha256, Dtype dtype) {}
