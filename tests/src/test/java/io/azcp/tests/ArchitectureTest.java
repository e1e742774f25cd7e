package io.azcp.tests;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** The arrows of the house: who may know whom. */
@AnalyzeClasses(packages = "io.azcp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String BASE = "io.azcp.base..";
  private static final String CONFIG = "io.azcp.config..";
  private static final String TRANSFER = "io.azcp.transfer..";
  private static final String CACHE = "io.azcp.cache..";
  private static final String PREFETCH = "io.azcp.prefetch..";
  private static final String FS = "io.azcp.fs..";
  private static final String MPI = "io.azcp.mpi..";
  private static final String CLUSTER = "io.azcp.cluster..";
  private static final String CLI = "io.azcp.cli..";

  private static ArchRule knows(String module, String... allowed) {
    String[] all = {BASE, CONFIG, TRANSFER, CACHE, PREFETCH, FS, MPI, CLUSTER, CLI};
    var others = new java.util.ArrayList<>(java.util.List.of(all));
    others.remove(module);
    others.removeAll(java.util.List.of(allowed));
    return noClasses()
        .that()
        .resideInAPackage(module)
        .should()
        .dependOnClassesThat(resideInAnyPackage(others.toArray(String[]::new)))
        .allowEmptyShould(true);
  }

  @ArchTest static final ArchRule base = knows(BASE);
  @ArchTest static final ArchRule config = knows(CONFIG, BASE);
  @ArchTest static final ArchRule transfer = knows(TRANSFER, BASE, CONFIG);
  @ArchTest static final ArchRule cache = knows(CACHE, BASE, CONFIG);
  @ArchTest static final ArchRule prefetch = knows(PREFETCH, BASE, CONFIG, TRANSFER, CACHE);
  @ArchTest static final ArchRule fs = knows(FS, BASE, CONFIG, TRANSFER, CACHE, PREFETCH);

  @ArchTest static final ArchRule mpi = knows(MPI, BASE);

  @ArchTest static final ArchRule cluster = knows(CLUSTER, BASE, CONFIG, TRANSFER, CACHE, MPI);

  @ArchTest
  static final ArchRule blobKnowsNoEngine =
      noClasses()
          .that()
          .resideInAPackage("io.azcp.transfer.blob..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.azcp.transfer.engine..");

  @ArchTest
  static final ArchRule treeKnowsNoBinding =
      noClasses()
          .that()
          .resideInAPackage("io.azcp.fs.tree..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.azcp.fs.fuse.kernel..", "io.azcp.fs.fuse.jnr..", "io.azcp.fs.mount..");

  @ArchTest
  static final ArchRule writebackKnowsNoTree =
      noClasses()
          .that()
          .resideInAPackage("io.azcp.fs.writeback..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.azcp.fs.tree..", "io.azcp.fs.fuse..", "io.azcp.fs.mount..");

  @ArchTest
  static final ArchRule bindingsKnowOnlyThePort =
      noClasses()
          .that()
          .resideInAPackage("io.azcp.fs.fuse..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.azcp.fs.tree..",
              "io.azcp.fs.writeback..",
              "io.azcp.fs.mount..",
              TRANSFER,
              CACHE,
              CONFIG,
              PREFETCH);

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.azcp.(**)").should().beFreeOfCycles();

  /** Cancellation closes sockets; an interrupt would close channels that other threads share. */
  @ArchTest
  static final ArchRule nobodyInterruptsWorkers =
      noClasses()
          .that()
          .resideInAnyPackage(TRANSFER, CACHE, PREFETCH, FS)
          .should()
          .callMethod(ExecutorService.class, "shutdownNow")
          .orShould()
          .callMethod(Future.class, "cancel", boolean.class);

  @ArchTest
  static final ArchRule onlyBindingsLoadNativeCode =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.azcp.base.posix..", "io.azcp.fs.fuse.jnr..", MPI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jnr.ffi..", "com.kenai.jffi..");

  @ArchTest
  static final ArchRule onlyCliParsesCommandLines =
      noClasses()
          .that()
          .resideOutsideOfPackage(CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("picocli..");
}
