package dev.sluice.jobs.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sluice.jobs.stream.JobConfiguration;
import dev.sluice.operators.policy.PolicyFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What nobody can start here is read closely instead: images, users, ports, files, schemas. */
class DeployFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String CRD = "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";

  /** A name, and a tag that says a version. */
  private static final Pattern PINNED = Pattern.compile("[\\w./-]+:v?\\d+\\.\\d+[\\w.-]*");

  private final JsonNode compose = trees(ROOT.resolve("docker-compose.yml")).get(0);

  @Test
  void compose_pinsImagesOfOthersAndBuildsItsOwn() {
    Set<String> built = new TreeSet<>();
    services(
        (name, service) -> {
          if (service.has("build")) {
            built.add(service.get("image").asText());
          }
        });
    services(
        (name, service) -> {
          String image = service.get("image").asText();
          assertThat(built.contains(image) || PINNED.matcher(image).matches())
              .as(name + ": " + image)
              .isTrue();
        });
  }

  @Test
  void compose_publishesNothingBeyondLoopback() {
    services(
        (name, service) ->
            service
                .path("ports")
                .forEach(port -> assertThat(port.asText()).as(name).startsWith("127.0.0.1:")));
    services((name, service) -> assertThat(service.has("network_mode")).as(name).isFalse());
  }

  @Test
  void compose_dropsRightsAndChecksHealth() {
    services(
        (name, service) -> {
          assertThat(service.path("privileged").asBoolean()).as(name).isFalse();
          assertThat(service.path("cap_drop").path(0).asText()).as(name).isEqualTo("ALL");
          assertThat(service.path("security_opt").path(0).asText())
              .as(name)
              .isEqualTo("no-new-privileges:true");
        });
    services(
        (name, service) ->
            service
                .path("depends_on")
                .properties()
                .forEach(
                    dependency -> {
                      JsonNode on = compose.path("services").path(dependency.getKey());
                      String condition = dependency.getValue().path("condition").asText();
                      assertThat(on.isMissingNode()).as(name).isFalse();
                      assertThat(on.has("healthcheck"))
                          .as(name + " waits for " + dependency.getKey())
                          .isEqualTo(condition.equals("service_healthy"));
                    }));
  }

  @Test
  void compose_mountsFilesAndVolumesThatExist() {
    Set<String> volumes = new TreeSet<>();
    compose.path("volumes").fieldNames().forEachRemaining(volumes::add);
    services(
        (name, service) ->
            service
                .path("volumes")
                .forEach(
                    mount -> {
                      String from = mount.asText().split(":(?=/)", 2)[0];
                      assertThat(
                              from.startsWith("${MODEL")
                                  || volumes.contains(from)
                                  || Files.exists(ROOT.resolve(from)))
                          .as(name + ": " + from)
                          .isTrue();
                    }));
  }

  @Test
  void composeJob_isAConfigurationThatBothJobsTake() {
    Path folder = ROOT.resolve("deploy/compose");
    var configuration =
        JobConfiguration.parse(List.of("--config", folder.resolve("job.yaml").toString()));
    assertThat(configuration.problems()).isEmpty();
    assertThat(configuration.options().keySet())
        .contains("sluice.model", "sluice.kafka.bootstrap-servers");
    assertThat(PolicyFile.read(folder.resolve("policy.json")).labels()).isNotEmpty();
  }

  @Test
  void dockerfile_pinsItsBasesAndLeavesRootBehind() throws IOException {
    String dockerfile = Files.readString(ROOT.resolve("deploy/Dockerfile"));
    Set<String> stages = new TreeSet<>();
    String stage = "";
    Map<String, Boolean> nonRoot = new TreeMap<>();
    for (String line : dockerfile.lines().toList()) {
      Matcher from = Pattern.compile("FROM (\\S+) AS (\\S+)").matcher(line);
      if (from.matches()) {
        stage = from.group(2);
        stages.add(stage);
        nonRoot.put(stage, false);
        assertThat(from.group(1)).matches(PINNED);
      } else if (line.startsWith("USER ")) {
        nonRoot.put(stage, !line.equals("USER root"));
      }
    }
    nonRoot.remove("build");
    assertThat(nonRoot).doesNotContainValue(false).containsOnlyKeys("cpu", "gpu", "cli");
    services(
        (name, service) ->
            assertThat(stages)
                .as(name)
                .contains(service.path("build").path("target").asText("cpu")));
    assertThat(dockerfile).doesNotContain("ADD ", "curl ", "sudo ", ":latest");
  }

  @Test
  void flinkDeployment_fitsTheOperatorsSchema() throws IOException {
    JsonNode schema;
    try (InputStream crd = DeployFilesTest.class.getResourceAsStream(CRD)) {
      schema =
          trees(new InputStreamReader(crd, StandardCharsets.UTF_8))
              .get(0)
              .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    }
    JsonNode deployment = kubernetes("FlinkDeployment");
    assertThat(deployment.path("apiVersion").asText()).isEqualTo("flink.apache.org/v1beta1");
    assertThat(CrdSchema.complaints(deployment.path("spec"), schema))
        // The newest schema on Maven Central is of an operator before Flink 2.
        .allMatch(complaint -> complaint.startsWith(".flinkVersion: expected one of"));
  }

  @Test
  void flinkDeployment_saysWhatEveryClusterNeeds() {
    JsonNode needed = trees(ROOT.resolve("deploy/config.yaml")).get(0);
    JsonNode said = kubernetes("FlinkDeployment").at("/spec/flinkConfiguration");
    Set<String> otherSizesAndRoles =
        Set.of(
            "taskmanager.memory.task.off-heap.size",
            "taskmanager.memory.process.size",
            "taskmanager.numberOfTaskSlots",
            "env.java.opts.client",
            "env.java.opts.sql-gateway");
    needed
        .properties()
        .forEach(
            entry -> {
              if (!otherSizesAndRoles.contains(entry.getKey())) {
                assertThat(said.path(entry.getKey()).asText())
                    .as(entry.getKey())
                    .isEqualTo(entry.getValue().asText());
              }
            });
  }

  @Test
  void flinkDeployment_runsWithoutRootOnClaimsAndMapsThatExist() {
    JsonNode spec = kubernetes("FlinkDeployment").path("spec");
    assertThat(spec.path("image").asText()).matches(PINNED);
    JsonNode pod = spec.at("/podTemplate/spec");
    assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    JsonNode container = pod.at("/containers/0");
    assertThat(container.path("name").asText()).isEqualTo("flink-main-container");
    assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    Set<String> mounted = texts(container.path("volumeMounts"), "/name");
    assertThat(mounted).isEqualTo(texts(pod.path("volumes"), "/name"));
    assertThat(texts(pod.path("volumes"), "/persistentVolumeClaim/claimName"))
        .isEqualTo(names("PersistentVolumeClaim"));
    assertThat(texts(pod.path("volumes"), "/configMap/name")).isEqualTo(names("ConfigMap"));
  }

  @Test
  void policyAndMonitor_selectThePodsAndTheirPorts() {
    JsonNode template = kubernetes("FlinkDeployment").at("/spec/podTemplate");
    JsonNode labels = template.at("/metadata/labels");
    assertThat(kubernetes("NetworkPolicy").at("/spec/podSelector/matchLabels")).isEqualTo(labels);
    assertThat(kubernetes("NetworkPolicy").at("/spec/policyTypes")).hasSize(2);
    JsonNode monitor = kubernetes("PodMonitor");
    assertThat(monitor.at("/spec/selector/matchLabels")).isEqualTo(labels);
    assertThat(monitor.at("/spec/podMetricsEndpoints/0/port"))
        .isEqualTo(template.at("/spec/containers/0/ports/0/name"));
  }

  private void services(Service check) {
    compose
        .path("services")
        .properties()
        .forEach(service -> check.of(service.getKey(), service.getValue()));
  }

  private static JsonNode kubernetes(String kind) {
    return kubernetes().stream()
        .filter(object -> object.path("kind").asText().equals(kind))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> names(String kind) {
    Set<String> names = new TreeSet<>();
    for (JsonNode object : kubernetes()) {
      if (object.path("kind").asText().equals(kind)) {
        names.add(object.at("/metadata/name").asText());
      }
    }
    return names;
  }

  private static List<JsonNode> kubernetes() {
    List<JsonNode> objects = new ArrayList<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("deploy/kubernetes"))) {
      files.sorted().forEach(file -> objects.addAll(trees(file)));
    } catch (IOException e) {
      throw new IllegalStateException("deploy/kubernetes: cannot be read", e);
    }
    return objects;
  }

  private static Set<String> texts(JsonNode items, String pointer) {
    Set<String> texts = new TreeSet<>();
    StreamSupport.stream(items.spliterator(), false)
        .map(item -> item.at(pointer))
        .filter(JsonNode::isTextual)
        .forEach(text -> texts.add(text.asText()));
    return texts;
  }

  private static List<JsonNode> trees(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return trees(reader);
    } catch (IOException e) {
      throw new IllegalStateException(file + ": cannot be read", e);
    }
  }

  /** All documents, with what they take over by anchors. */
  private static List<JsonNode> trees(Reader yaml) {
    List<JsonNode> trees = new ArrayList<>();
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(Integer.MAX_VALUE);
    new Yaml(new SafeConstructor(options))
        .loadAll(yaml)
        .forEach(document -> trees.add(JSON.valueToTree(document)));
    return trees;
  }

  /** What is to hold for each service. */
  private interface Service {
    void of(String name, JsonNode service);
  }
}
