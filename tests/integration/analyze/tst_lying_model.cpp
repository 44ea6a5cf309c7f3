// The diagnoses of real recordings with a model that lies about each of them: nothing that counts is lost.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtTest>
#include <set>

#include "agents/offline_engine.h"
#include "analysis/evidence_gate.h"
#include "sources/evidence_reader.h"
#include "support/eval_data.h"
#include "support/model_difference.h"

using namespace aiops;

namespace {

/// Every line that the diagnosis cites.
std::vector<model::EvidenceRef> citedLines(const model::Diagnosis& diagnosis) {
  std::vector<model::EvidenceRef> lines;
  for (const auto& hypothesis : diagnosis.hypotheses) {
    for (const auto& citation : hypothesis.evidenceFor) lines.push_back(citation.evidence);
  }
  return lines;
}

}  // namespace

class TestLyingModel : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void noLieChangesWhatCounts() {
    const auto recordings = test::evalData("incidents");
    if (!recordings) QSKIP("no evaluation data here (AIOPS_EVAL, or ../shared/eval beside the checkout)");
    const auto known = agents::loadOfflineKnowledge({AIOPS_SOURCE_DIR "/resources"});
    std::set<std::string> kinds;
    for (const auto& signature : known.signatures) kinds.insert(signature.kind);
    size_t lies = 0, counted = 0;
    for (const auto& entry : std::filesystem::directory_iterator(*recordings)) {
      const auto topology = entry.path() / "topology.json";
      if (!std::filesystem::exists(topology)) continue;
      const auto report = agents::analyseOffline({{entry.path() / "logs"}, topology, {}}, known);
      QVERIFY2(report, report ? "" : report.error().line().c_str());
      for (const auto& found : report->incidents) {
        const correlation::Topology none =
            correlation::Topology::unknown({found.incident.services.begin(), found.incident.services.end()});
        analysis::EvidenceGate gate(
            none, [](const model::EvidenceRef& ref) { return sources::EvidenceReader().reread(ref); });
        for (const auto& service : found.incident.services) {
          for (const auto& kind : kinds) {
            const analysis::ModelOpinion lie{.service = service,
                                             .kind = kind,
                                             .confidence = 1,
                                             .evidence = citedLines(found.diagnosis),
                                             .playbook = "",
                                             .reason = "it is so"};
            const auto pooled = analysis::withOpinion(found.diagnosis, lie, gate);
            const auto wrong = test::difference(found.diagnosis, pooled);
            QVERIFY2(wrong.empty(), (entry.path().filename().string() + ": " + wrong).c_str());
            ++lies;
            counted += pooled.opinions.size() > found.diagnosis.opinions.size() ? 1 : 0;
          }
        }
      }
    }
    QVERIFY(lies > 100 && counted > lies / 2);  // or the test would show nothing
  }
};

QTEST_GUILESS_MAIN(TestLyingModel)
#include "tst_lying_model.moc"
