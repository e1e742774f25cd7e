package io.azcp.transfer.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListAnswerTest {
  private static final String PAGE =
      "<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults"
          + " ServiceEndpoint=\"https://a.blob.core.windows.net/\" ContainerName=\"c\">"
          + "<Prefix>x</Prefix><Marker>old</Marker><Delimiter>/</Delimiter><Blobs>"
          + "<Blob><Name>a &amp; &lt;b&gt; &#233;&#x1F600; </Name><Properties>"
          + "<Last-Modified>Fri, 20 Nov 2026 11:46:00 GMT</Last-Modified>"
          + "<Etag>0x8DC1</Etag><Content-Length>12345678901</Content-Length>"
          + "<Content-Type>text/x</Content-Type><Content-Encoding />"
          + "<Content-MD5>XUFAKrxLKna5cZ2REBfFkg==</Content-MD5><BlobType>BlockBlob</BlobType>"
          + "<AccessTier>Archive</AccessTier></Properties>"
          + "<Metadata><Name>not a name</Name><Blob>not a blob</Blob><Metadata>deep</Metadata>"
          + "<hdi_isfolder>true</hdi_isfolder></Metadata><OrMetadata /></Blob>"
          + "<Blob><Name Encoded=\"true\">%EF%BF%BE%2541</Name><Properties>"
          + "<Etag>\"0x8DC2\"</Etag><Content-Length>0</Content-Length></Properties></Blob>"
          + "<BlobPrefix><Name>dir/</Name><Properties><Etag>0x1</Etag></Properties></BlobPrefix>"
          + "<Blob><Name>hns</Name><Properties><ResourceType>directory</ResourceType>"
          + "</Properties></Blob>"
          + "</Blobs><NextMarker>2!ab&amp;c</NextMarker></EnumerationResults>";

  private final List<String> names = new ArrayList<>();
  private final List<BlobProperties> properties = new ArrayList<>();
  private final List<String> prefixes = new ArrayList<>();

  private ListAnswer read(byte[] document, int step) throws IOException {
    ListAnswer answer =
        new ListAnswer(
            new ListVisitor() {
              @Override
              public void blob(String name, BlobProperties p) {
                names.add(name);
                properties.add(p);
              }

              @Override
              public void prefix(String name) {
                prefixes.add(name);
              }
            },
            false);
    for (int i = 0; i < document.length; i += step) {
      answer
          .scanner()
          .accept(ByteBuffer.wrap(document, i, Math.min(step, document.length - i)).slice());
    }
    return answer;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 100_000})
  void readsAPageInPiecesOfAnySize(int step) throws IOException {
    ByteArrayOutputStream document = new ByteArrayOutputStream();
    document.write(new byte[] {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF});
    document.write(PAGE.getBytes(UTF_8));
    ListAnswer answer = read(document.toByteArray(), step);
    assertThat(answer.complete()).isTrue();
    assertThat(answer.marker()).isEqualTo("2!ab&c");
    assertThat(names).containsExactly("a & <b> é😀 ", "\uFFFE%41", "hns");
    assertThat(prefixes).containsExactly("dir/");
    assertThat(properties.get(0))
        .isEqualTo(
            new BlobProperties(
                "0x8DC1",
                12345678901L,
                1795175160000L,
                "text/x",
                "XUFAKrxLKna5cZ2REBfFkg==",
                "BlockBlob",
                "Archive",
                Map.of(
                    "Name", "not a name",
                    "Blob", "not a blob",
                    "Metadata", "deep",
                    "hdi_isfolder", "true")));
    assertThat(properties.get(1).etag()).isEqualTo("0x8DC2");
    assertThat(properties.get(1).metadata()).isEmpty();
    assertThat(properties.get(2).isFolder()).isTrue();
  }

  /** What one item has in common with the last is kept once; in entities, too. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100_000})
  void sharesTextsOfTheItemBefore(int step) throws IOException {
    StringBuilder document = new StringBuilder("<EnumerationResults><Blobs>");
    for (String type : List.of("a&amp;b", "a&amp;b", "a&b;c", "", "a&amp;b", "ä", "ä")) {
      document.append("<Blob><Name>n</Name><Content-Type>").append(type);
      document.append("</Content-Type></Blob>");
    }
    read(document.append("</Blobs></EnumerationResults>").toString().getBytes(UTF_8), step);
    assertThat(properties)
        .extracting(BlobProperties::contentType)
        .containsExactly("a&b", "a&b", "a&b;c", "", "a&b", "ä", "ä");
    assertThat(properties.get(1).contentType()).isSameAs(properties.get(0).contentType());
    assertThat(properties.get(6).contentType()).isSameAs(properties.get(5).contentType());
  }

  @Test
  void anEmptyPageMayCarryAMarker() throws IOException {
    ListAnswer answer =
        read(
            "<EnumerationResults><Blobs/><NextMarker>m</NextMarker></EnumerationResults>"
                .getBytes(UTF_8),
            9);
    assertThat(names).isEmpty();
    assertThat(answer.marker()).isEqualTo("m");
    assertThat(answer.complete()).isTrue();
  }

  @Test
  void aPageWithoutItsEndIsNotComplete() throws IOException {
    String cut = PAGE.substring(0, PAGE.indexOf("<NextMarker>"));
    assertThat(read(cut.getBytes(UTF_8), 4096).complete()).isFalse();
  }

  @Test
  void anEncodedNameThatIsNotIsRefused() {
    String page =
        "<EnumerationResults><Blobs><Blob><Name Encoded=\"true\">%zz</Name></Blob></Blobs>";
    assertThatThrownBy(() -> read(page.getBytes(UTF_8), 4096)).hasMessageContaining("%zz");
  }

  @Test
  void anElementWithoutEndIsRefused() {
    byte[] endless = ("<EnumerationResults><NextMarker>" + "x".repeat(2 << 20)).getBytes(UTF_8);
    assertThatThrownBy(() -> read(endless, 65536)).hasMessageContaining("1 MiB");
  }

  @Test
  void errorsAreUnderstood() {
    assertThat(
            Refusal.codeOf(
                "\uFEFF<?xml version=\"1.0\"?><Error><Code>BlobNotFound</Code>"
                    + "<Message>no\nTime:2026</Message></Error>"))
        .isEqualTo("BlobNotFound");
    assertThat(Refusal.codeOf("<html>gateway</html>")).isEmpty();
    assertThat(Refusal.codeOf("")).isEmpty();
  }
}
