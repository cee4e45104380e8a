package dev.sluice.operators.reuse;

import dev.sluice.operators.device.ImageRejectedException;
import java.util.List;

/** What a picture leads, in the steps that wait for it. Immutable. */
public record Leads(List<Lead<?>> leads) {
  public Leads {
    leads = List.copyOf(leads);
  }

  /** Tells all who wait; see {@link Lead#reject}. */
  public void reject(ImageRejectedException rejection) {
    leads.forEach(lead -> lead.reject(rejection));
  }
}
