package io.azcp.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A YAML file as a tree of nodes that know their lines. Nothing is constructed from it, so that no
 * text in a file can name a class.
 *
 * @param name the file as the user knows it
 * @param root its one document; null for an empty file
 */
record YamlFile(String name, Node root) {
  /** Reads and parses a file of UTF-8 text. */
  static YamlFile read(String path, String name) throws ConfigException {
    String text = text(path, name);
    try {
      Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      return new YamlFile(name, yaml.compose(new StringReader(text)));
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new ConfigException(name, line, "is no valid YAML: " + e.getProblem());
    } catch (YAMLException e) {
      throw new ConfigException(name, 0, "is no valid YAML: " + firstLine(e));
    }
  }

  private static String text(String path, String name) throws ConfigException {
    try {
      byte[] bytes = Files.readAllBytes(Path.of(path));
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.startsWith("\ufeff") ? text.substring(1) : text;
    } catch (NoSuchFileException e) {
      throw new ConfigException(name, 0, "there is no such file");
    } catch (CharacterCodingException e) {
      throw new ConfigException(name, 0, "is no UTF-8 text");
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException(name, 0, "cannot be read: " + reason(path, e));
    }
  }

  private static String reason(String path, Exception e) {
    if (Files.isDirectory(Path.of(path))) {
      return "it is a folder";
    }
    return e instanceof java.nio.file.AccessDeniedException ? "permission denied" : firstLine(e);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** An error at a node. */
  ConfigException error(Node node, String problem) {
    return new ConfigException(name, line(node), problem);
  }

  /** The line a node starts on, from 1. */
  static int line(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }
}
