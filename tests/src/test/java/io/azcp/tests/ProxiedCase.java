package io.azcp.tests;

import io.azcp.transfer.blob.FaultProxy;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A lab whose commands reach the service through a proxy that can fail. */
abstract class ProxiedCase {
  Lab lab;
  FaultProxy proxy;
  Path target;

  @BeforeEach
  void start() throws Exception {
    lab = new Lab();
    proxy = FaultProxy.to(lab.azuriteEndpoint());
    lab.endpoint(proxy.endpoint());
    target = lab.folder.resolve("target");
  }

  @AfterEach
  void end() throws Exception {
    proxy.close();
    lab.close();
  }
}
