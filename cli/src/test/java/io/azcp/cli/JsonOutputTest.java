package io.azcp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.azcp.base.Json;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code --output-type json} and {@code --report}: what programs read. */
class JsonOutputTest extends BlobCommandsCase {
  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> objects(String lines) throws Exception {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (String line : lines.lines().toList()) {
      objects.add((Map<String, Object>) Json.parse(line));
    }
    return objects;
  }

  private CliRunner.Result json(String... args) {
    List<String> all = new ArrayList<>(List.of("--output-type=json"));
    all.addAll(List.of(args));
    return cli.run(all.toArray(String[]::new));
  }

  @Test
  void aCopyIsAnObjectAFileAndASummary() throws Exception {
    file("src/a", "12");
    file("src/bad.", "3");
    CliRunner.Result result = json("copy", "-r", "src", url);
    assertThat(result.code()).isEqualTo(1);
    List<Map<String, Object>> objects = objects(result.out());
    assertThat(objects).hasSize(3);
    assertThat(objects)
        .anySatisfy(
            o ->
                assertThat(o)
                    .containsEntry("type", "file")
                    .containsEntry("name", "a")
                    .containsEntry("status", "done")
                    .containsEntry("bytes", 2L))
        .anySatisfy(
            o ->
                assertThat(o)
                    .containsEntry("name", "bad.")
                    .containsEntry("status", "failed")
                    .containsKey("error"));
    assertThat(objects.get(2))
        .containsEntry("type", "summary")
        .containsEntry("command", "upload")
        .containsEntry("complete", true)
        .containsEntry("files", 1L)
        .containsEntry("failed", 1L)
        .containsEntry("bytes", 2L)
        .containsKeys("seconds", "retries", "skipped");
    assertThat(objects(result.err()))
        .singleElement()
        .satisfies(o -> assertThat(o).containsEntry("type", "message").containsKey("message"));
  }

  @Test
  void everyCommandThatPrintsResultsPrintsObjects() throws Exception {
    file("src/a", "12");
    file("src/s/b", "3");
    assertThat(objects(json("copy", "-r", "--dry-run", "src", url).out()).get(0))
        .containsEntry("type", "planned");
    cli.run("copy", "-r", "src", url);
    List<Map<String, Object>> listed = objects(json("ls", url).out());
    assertThat(listed.get(0)).containsEntry("type", "directory").containsEntry("name", "s/");
    assertThat(listed.get(1)).containsEntry("type", "file").containsEntry("bytes", 2L);
    assertThat(listed.get(2)).containsEntry("type", "summary").containsEntry("files", 1L);
    assertThat(objects(json("ls", "src").out())).hasSize(3);
    assertThat(objects(json("stat", url + "/a").out()).get(0))
        .containsEntry("type", "blob")
        .containsEntry("bytes", 2L)
        .containsKey("etag");
    assertThat(objects(json("stat", url + "/s").out()).get(0)).containsEntry("type", "directory");
    assertThat(objects(json("stat", url).out()).get(0))
        .containsEntry("type", "container")
        .containsEntry("empty", false);
    assertThat(objects(json("du", "-d", "1", url).out()))
        .extracting(o -> o.get("bytes"))
        .containsExactlyInAnyOrder(1L, 3L);
    assertThat(objects(json("mk", url + "/made/").out()).get(0)).containsEntry("status", "created");
    List<Map<String, Object>> removed = objects(json("rm", "-r", url + "/s").out());
    assertThat(removed.get(0)).containsEntry("status", "deleted");
    assertThat(removed.get(1)).containsEntry("command", "delete");
    assertThat(objects(json("rm", "-r", url).out()).get(0)).containsEntry("type", "container");
  }

  @Test
  void aReportHasALineForEveryFile() throws Exception {
    file("src/a", "12");
    file("src/bad.", "3");
    assertThat(cli.run("--report", "r.jsonl", "copy", "-r", "src", url).code()).isEqualTo(1);
    List<Map<String, Object>> lines = objects(Files.readString(dir.resolve("r.jsonl")));
    assertThat(lines).hasSize(2);
    assertThat(lines).allSatisfy(line -> assertThat(line).containsKeys("name", "status", "time"));
    refused(1, cli.run("--report", "none/r", "copy", "-r", "src", url), "none/r", "report");
  }
}
