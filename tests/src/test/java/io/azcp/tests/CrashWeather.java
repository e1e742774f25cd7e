package io.azcp.tests;

import io.azcp.transfer.blob.FaultProxy;
import io.azcp.transfer.blob.FaultProxy.Fault;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** What a service does to its clients in a round of work and kill. */
final class CrashWeather {
  /** How the service is while the workload runs. */
  enum Service {
    WELL,
    AWAY_IN_THE_END,
    FAULTY,
    AWAY_THEN_BACK,
    /** Answers 503 to most requests, and that longer than the daemon lives. */
    REFUSING,
    /** Breaks connections within requests and answers, before and after they were executed. */
    CUTTING,
    /** Executes some requests and never answers. */
    STALLING;

    /** Those that a property names, or the usual ones. */
    static List<Service> named(String names) {
      return names == null
          ? List.of(WELL, AWAY_IN_THE_END, FAULTY, AWAY_THEN_BACK)
          : Arrays.stream(names.split(",", -1))
              .map(n -> valueOf(n.toUpperCase(Locale.ROOT).replace('-', '_')))
              .toList();
    }

    /** Whether a call may fail while the daemon lives. */
    boolean mayFailCalls() {
      return this != WELL;
    }

    /** Whether the next mount meets the same. */
    boolean lasts() {
      return this == REFUSING || this == CUTTING;
    }
  }

  private final FaultProxy proxy;
  private final Map<Service, Integer> rounds = new EnumMap<>(Service.class);
  private final Map<String, Integer> faults = new TreeMap<>();

  CrashWeather(FaultProxy proxy) {
    this.proxy = proxy;
  }

  /** The service is so until {@link #clear}. */
  void begin(Service service, Random random) {
    rounds.merge(service, 1, Integer::sum);
    switch (service) {
      case REFUSING -> one(random, 3, 4, List.of(Fault.busy()));
      case STALLING -> one(random, 1, 5, List.of(Fault.stall()));
      case CUTTING ->
          one(
              random,
              1,
              2,
              List.of(
                  Fault.reset(),
                  Fault.cutRequest(),
                  Fault.cutRequest(),
                  Fault.dropAnswer(),
                  Fault.dropAnswer(),
                  Fault.cut(0),
                  Fault.cut(100)));
      case FAULTY ->
          one(
              random,
              1,
              4,
              List.of(
                  Fault.reset(),
                  Fault.busy(),
                  Fault.dropAnswer(),
                  Fault.dropAnswer(),
                  Fault.stall(),
                  Fault.cut(100),
                  Fault.early(500, "InternalError")));
      default -> {
        // The proxy is told to refuse connections when it is time.
      }
    }
  }

  /** So many of so many requests meet one of the faults. */
  private void one(Random random, int some, int of, List<Fault> kinds) {
    proxy.always(
        request -> {
          synchronized (faults) {
            if (random.nextInt(of) >= some) {
              return null;
            }
            Fault fault = kinds.get(random.nextInt(kinds.size()));
            faults.merge(fault.kind().name().toLowerCase(Locale.ROOT), 1, Integer::sum);
            return fault;
          }
        });
  }

  /** All is well again. */
  void clear() {
    proxy.always(request -> null);
    proxy.forward();
  }

  /** How often each fault was met. */
  Map<String, Integer> faults() {
    synchronized (faults) {
      return new TreeMap<>(faults);
    }
  }

  /** How many rounds had which service. */
  Map<Service, Integer> rounds() {
    return rounds;
  }
}
