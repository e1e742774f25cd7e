package io.azcp.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The commands by their names. Only those an argument may mean are made: the others cost a start.
 */
final class Commands {
  /** Every command's name, as they are shown; add one here and in {@link #named}. */
  private static final List<String> ALL =
      List.of(
          "copy",
          "mv",
          "sync",
          "ls",
          "rm",
          "mk",
          "du",
          "stat",
          "cluster",
          "env",
          "config",
          "completion",
          "mount",
          "umount",
          "mounts",
          "prepare",
          "status",
          "flush",
          "refresh",
          "evict",
          "unpin",
          "cat",
          "head",
          "tail",
          "isfile",
          "size",
          "url",
          "upload",
          "update",
          "display",
          "open",
          "rmtree",
          "tier",
          "cold",
          "meta",
          "clear-meta",
          "break");

  private final Invocation invocation;
  private final GlobalOptions global;

  Commands(Invocation invocation, GlobalOptions global) {
    this.invocation = invocation;
    this.global = global;
  }

  /**
   * The commands that are named, or all where none is, or all are to be completed; none where only
   * the version is asked for.
   */
  List<Command> needed(String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      return List.of();
    }
    Map<Class<?>, Command> named = new LinkedHashMap<>();
    for (String word : args) {
      Command command = named(word);
      if (command instanceof CompletionCommand) {
        return all();
      }
      if (command != null) {
        named.putIfAbsent(command.getClass(), command);
      }
    }
    return named.isEmpty() ? all() : new ArrayList<>(named.values());
  }

  private List<Command> all() {
    List<Command> all = new ArrayList<>();
    for (String name : ALL) {
      all.add(named(name));
    }
    return all;
  }

  /** A command by its name or the other name it has; null for any other word. */
  private Command named(String word) {
    return switch (word) {
      case "copy", "cp" -> new CopyCommand(invocation, global);
      case "mv", "move" -> new MoveCommand(invocation, global);
      case "sync" -> new SyncCommand(invocation, global);
      case "ls", "list" -> new ListCommand(invocation, global);
      case "rm", "remove" -> new RemoveCommand(invocation, global);
      case "mk" -> new MakeCommand(invocation, global);
      case "du" -> new DiskUsageCommand(invocation, global);
      case "stat" -> new StatCommand(invocation, global);
      case "cluster" -> new ClusterCommand(invocation, global);
      case "env" -> new EnvCommand(invocation, global);
      case "config" -> new ConfigCommand(invocation, global);
      case "completion" -> new CompletionCommand(invocation, global);
      case "mount" -> new MountCommand(invocation, global);
      case "umount" -> new UmountCommand(invocation, global);
      case "mounts" -> new MountsCommand(invocation, global);
      case "prepare", "download", "d" -> new PrepareCommand(invocation, global);
      case "status" -> new StatusCommand(invocation, global);
      case "flush" -> new FlushCommand(invocation, global);
      case "refresh" -> new RefreshCommand(invocation, global);
      case "evict", "clear-cache", "clear_cache" -> new EvictCommand(invocation, global);
      case "unpin" -> new UnpinCommand(invocation, global);
      case "cat" -> new CatCommand(invocation, global);
      case "head" -> new HeadCommand(invocation, global);
      case "tail" -> new TailCommand(invocation, global);
      case "isfile" -> new IsFileCommand(invocation, global);
      case "size" -> new SizeCommand(invocation, global);
      case "url" -> new UrlCommand(invocation, global);
      case "upload", "u" -> new UploadCommand(invocation, global);
      case "update", "nvim" -> new UpdateCommand(invocation, global);
      case "display" -> new DisplayCommand(invocation, global);
      case "open" -> new OpenCommand(invocation, global);
      case "rmtree" -> new RemoveTreeCommand(invocation, global);
      case "tier" -> new TierCommand(invocation, global);
      case "cold" -> new ColdCommand(invocation, global);
      case "meta" -> new MetaCommand(invocation, global);
      case "clear-meta", "clear_meta" -> new ClearMetaCommand(invocation, global);
      case "break" -> new BreakCommand(invocation, global);
      default -> null;
    };
  }
}
