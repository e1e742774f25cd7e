package io.azcp.transfer.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Small XML documents as the list of their texts, each with the path that leads to it. */
final class SimpleXml implements XmlScanner.Handler {
  /** The text of an element without children; the path as {@code /Error/Code}. */
  record Text(String path, String value) {}

  private final XmlScanner scanner = new XmlScanner(this);
  private final Deque<String> open = new ArrayDeque<>();
  private final List<Text> texts = new ArrayList<>();
  private boolean leaf;

  XmlScanner scanner() {
    return scanner;
  }

  /** All texts in the order of the document. */
  List<Text> texts() {
    return texts;
  }

  /** The texts of a document; what came before it stops making sense is kept. */
  static List<Text> read(String document) {
    SimpleXml xml = new SimpleXml();
    try {
      xml.scanner.accept(ByteBuffer.wrap(document.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return xml.texts;
    }
    return xml.texts;
  }

  @Override
  public void start(String element, String attributes) {
    open.push((open.isEmpty() ? "" : open.peek()) + "/" + element);
    leaf = true;
  }

  @Override
  public void end(String element) {
    String path = open.isEmpty() ? "/" + element : open.pop();
    if (leaf) {
      texts.add(new Text(path, scanner.text()));
    }
    leaf = false;
  }
}
