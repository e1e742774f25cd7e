package io.azcp.tests;

import com.azure.core.util.BinaryData;
import com.azure.storage.blob.options.BlobParallelUploadOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A lab with two folders, where the Azure SDK for Java is on the other side. */
abstract class SdkCase {
  Lab lab;
  Path source;
  Path target;

  @BeforeEach
  void start() throws Exception {
    lab = new Lab();
    source = Files.createDirectory(lab.folder.resolve("source"));
    target = lab.folder.resolve("target");
  }

  @AfterEach
  void end() throws Exception {
    lab.close();
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Puts a blob with metadata by the SDK. */
  void upload(String blob, String content, Map<String, String> metadata) {
    lab.sdk()
        .getBlobClient(blob)
        .uploadWithResponse(
            new BlobParallelUploadOptions(BinaryData.fromBytes(bytes(content)))
                .setMetadata(metadata),
            null,
            null);
  }
}
