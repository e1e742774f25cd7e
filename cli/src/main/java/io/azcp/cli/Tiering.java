package io.azcp.cli;

import java.io.IOException;

/** Moves a blob to another tier, for the commands that do. */
abstract class Tiering extends PlaceCommand {
  Tiering(Invocation invocation, GlobalOptions global) {
    super(invocation, global);
  }

  /** Moves one blob. */
  final void move(String target, String tier) throws IOException {
    try (BlobPlace place = blob(target)) {
      settle(target, place);
      place.opened().service().setTier(place.container(), place.name(), tier);
      told(place, "tier " + tier, "Tier " + tier + ": " + place.shown());
    }
  }
}
