package io.azcp.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.azcp.base.posix.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The disk of the cache is filled by what waits for its upload: the writer gets ENOSPC, names can
 * be changed, what was acknowledged is uploaded, and then there is room again.
 */
class FullDiskTest {
  private static final int DISK_MIB = 64;
  private static final int PART = 1 << 20;

  private final Map<String, Long> seeds = new LinkedHashMap<>();

  // semantics: full-disk
  @ParameterizedTest
  @ValueSource(strings = {"kernel", "jnr"})
  void theWriterGetsEnospcAndTheMountLivesOn(String binding) throws Exception {
    assumeThat(Identity.euid()).as("only root can mount a small disk").isZero();
    try (Lab lab = new Lab()) {
      mountDisk(lab);
      lab.rule("data", "d", "upload_delay: 1h", "max_dirty: 1GiB");
      lab.ok(
          "mount",
          lab.mountPoint.toString(),
          "--config",
          lab.config().toString(),
          "--binding",
          binding);
      Path data = lab.mountPoint.resolve("data");
      for (int i = 0; i < 8; i++) {
        file(data, "acknowledged" + i, 4);
      }
      assertThat(fill(data.resolve("filler"))).contains("No space left on device");
      Files.move(
          data.resolve("acknowledged0"), data.resolve("renamed"), StandardCopyOption.ATOMIC_MOVE);
      seeds.put("renamed", seeds.remove("acknowledged0"));
      Files.delete(data.resolve("filler"));
      Files.createDirectory(data.resolve("directory"));
      lab.ok("flush", data.toString());
      file(data, "afterwards", 20);
      lab.ok("flush", data.toString());
      for (Map.Entry<String, Long> each : seeds.entrySet()) {
        int mib = each.getKey().equals("afterwards") ? 20 : 4;
        assertThat(lab.download("d/" + each.getKey()))
            .as(each.getKey())
            .isEqualTo(content(each.getValue(), mib));
      }
      assertThat(lab.umount().code()).isZero();
    }
  }

  private static byte[] content(long seed, int mib) {
    byte[] bytes = new byte[mib * PART];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private void file(Path data, String name, int mib) throws IOException {
    long seed = seeds.size();
    Files.write(data.resolve(name), content(seed, mib));
    seeds.put(name, seed);
  }

  /** Writes until that fails; answers how. */
  private static String fill(Path file) {
    byte[] part = new byte[PART];
    new Random(1).nextBytes(part);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < 2 * DISK_MIB; i++) {
        out.write(part);
      }
      return "";
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void mountDisk(Lab lab) throws IOException {
    Files.createDirectories(lab.cache);
    String size = "mode=700,size=" + DISK_MIB + "m";
    Checkout.Result mounted =
        Checkout.run(
            lab.folder,
            Map.of(),
            List.of("mount", "-t", "tmpfs", "-o", size, "none", lab.cache.toString()));
    assumeThat(mounted.code()).as("this machine lets nobody mount: " + mounted).isZero();
  }
}
