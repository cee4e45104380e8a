package dev.sluice.operators.policy;

import dev.sluice.serde.ModerationPolicy;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.flink.annotation.PublicEvolving;

/** Reads policies from JSON files; docs/policies.md is the contract. Thread-safe. */
@PublicEvolving
public final class PolicyFile {
  private PolicyFile() {}

  /**
   * @throws IllegalArgumentException if the file is missing or not a policy, with the reason
   */
  public static ModerationPolicy read(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in.readNBytes(PolicyJson.MAX_BYTES + 1), file.toString());
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("policy file " + file + ": there is none", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "policy file " + file + ": cannot be read (" + e.getMessage() + ")", e);
    }
  }

  /**
   * @param name of what is read, for messages
   */
  public static ModerationPolicy read(byte[] json, String name) {
    return PolicyJson.policy(json, "policy file " + name);
  }
}
