package dev.sluice.benchmarks.faults;

import dev.sluice.benchmarks.cluster.ClusterProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** Something that goes wrong, until the place where it is put right again. */
public enum Fault {
  KILL_TASK_MANAGER {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      killAndRestart(rig.busyTaskManager(random), random);
    }
  },
  KILL_JOB_MANAGER {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      killAndRestart(rig.cluster().jobManager(), random);
    }
  },
  KILL_BROKER {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      rig.broker().kill();
      pause(random.nextLong(MAX_DOWN_MILLIS));
      rig.broker().restart();
    }
  },
  KILL_FEED {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      rig.killFeed();
      pause(random.nextLong(MAX_DOWN_MILLIS));
      rig.startFeed();
    }
  },
  PAUSE_TASK_MANAGER {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      pauseAndResume(rig.busyTaskManager(random));
    }
  },
  PAUSE_JOB_MANAGER {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      pauseAndResume(rig.cluster().jobManager());
    }
  },
  FILL_DISK {
    @Override
    void happen(FaultRig rig, RandomGenerator random) throws IOException, InterruptedException {
      rig.disk().fill();
      pause(FULL_MILLIS);
      rig.disk().free();
    }
  };

  private static final long MAX_DOWN_MILLIS = 2_000;
  private static final long FULL_MILLIS = 5_000;

  /** Until someone, or something, has put it right. */
  abstract void happen(FaultRig rig, RandomGenerator random)
      throws IOException, InterruptedException;

  /** What stops while it lasts. */
  List<Audit.Stream> stops() {
    return this == KILL_FEED
        ? List.of(Audit.Stream.IMAGES)
        : List.of(Audit.Stream.CAPTIONS, Audit.Stream.VERDICTS);
  }

  private static void killAndRestart(ClusterProcess process, RandomGenerator random)
      throws IOException, InterruptedException {
    process.kill();
    pause(random.nextLong(MAX_DOWN_MILLIS));
    process.restart();
  }

  private static void pauseAndResume(ClusterProcess process)
      throws IOException, InterruptedException {
    process.pause();
    pause(FaultRig.HEARTBEAT_TIMEOUT.plus(Duration.ofSeconds(2)).toMillis());
    process.resume();
  }

  private static void pause(long millis) throws InterruptedException {
    Thread.sleep(millis);
  }
}
