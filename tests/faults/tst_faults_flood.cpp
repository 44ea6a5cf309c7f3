// Far more comes than can be read: through a file, syslog over TCP and over UDP at once. What is rare and
// matters is found in time, memory stays flat, and every line is read or counted. AIOPS_FULL=1: ten minutes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/socket.h>

#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <thread>

#include "base/bytes.h"
#include "base/time.h"
#include "faults/engine_process.h"
#include "support/syslog_peers.h"

using namespace aiops;
using namespace std::chrono_literals;
using nlohmann::json;
using test::need;
using Steady = std::chrono::steady_clock;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // keeps what is freed for a while, and is slow
#else
constexpr bool kSanitized = false;
#endif

constexpr auto kFound = kSanitized ? 60s : 5s;  // what is promised of a rare error in a flood
constexpr auto kDrained = 600s;
constexpr uint64_t kMostAhead =
    1'000'000;  // lines of the file that are not read yet: the disk is no subject here
constexpr uint64_t kRefusedEvery = 50;
constexpr size_t kMostResident = 700u << 20;

std::string stamp() {
  return base::toIso8601(base::SystemClock().now());
}

/// A line of the flood; each 50th is an error that many others are like.
std::string text(uint64_t number) {
  const auto n = std::to_string(number);
  return number % kRefusedEvery == 0
             ? "ERROR charge " + n + " refused by the bank of the customer"
             : "INFO request " + n + " served in " + std::to_string(number % 97) + " ms";
}

size_t residentBytes(pid_t pid) {
  const auto status = base::readFile("/proc/" + std::to_string(pid) + "/status").value_or("");
  const auto at = status.find("VmRSS:");
  return at == std::string::npos ? 0 : std::stoull(status.substr(at + 6)) * 1024;
}

/// Threads that write until they are told to end; what each has written.
class Flood {
 public:
  Flood(const std::string& path, uint16_t tcpPort, uint16_t udpPort) {
    m_threads.emplace_back([this, path] { intoFile(path); });
    m_threads.emplace_back([this, tcpPort] { overTcp(tcpPort); });
    m_threads.emplace_back([this, udpPort] { overUdp(udpPort); });
  }
  ~Flood() { end(); }
  void end() {
    m_ends = true;
    for (auto& thread : m_threads) thread.join();
    m_threads.clear();
  }

  std::atomic<uint64_t> file = 0, tcp = 0, udp = 0;
  std::atomic<uint64_t> fileRead = 0;  ///< told by who watches

 private:
  void intoFile(const std::string& path) {
    std::ofstream out(path, std::ios::app);
    while (!m_ends) {
      if (file > fileRead + kMostAhead) {
        test::pause(10ms);
        continue;
      }
      std::string lines;
      const auto now = stamp();
      for (int i = 0; i < 600; ++i) lines += now + " " + text(file + static_cast<uint64_t>(i)) + "\n";
      out << lines << std::flush;
      file += 600;
      test::pause(10ms);  // some 60,000 lines a second
    }
  }
  void overTcp(uint16_t port) {
    const auto peer = test::client(port);
    while (!m_ends) {
      std::string lines;
      for (int i = 0; i < 100; ++i)
        lines += "<14>1 " + stamp() + " box shop 7 - - " + text(tcp + static_cast<uint64_t>(i)) + "\n";
      test::sendAll(peer, lines);
      tcp += 100;
    }
  }
  void overUdp(uint16_t port) {
    const auto peer = test::client(port, SOCK_DGRAM);
    while (!m_ends) {
      for (int i = 0; i < 200; ++i) sendDatagram(peer);
      test::pause(2ms);
    }
  }

 public:
  void sendDatagram(const base::Fd& peer) {
    const auto line = "<14>1 " + stamp() + " box till 7 - - " + text(udp);
    if (::send(peer.get(), line.data(), line.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(line.size()))
      ++udp;
  }

 private:
  std::atomic<bool> m_ends = false;
  std::vector<std::thread> m_threads;
};

/// How long until a planted line is an event of an incident, by where it was planted.
struct Delays {
  std::vector<std::chrono::milliseconds> all;
  std::string shown() const {
    std::string out;
    for (const auto& one : all) out += " " + std::to_string(one.count());
    return out + " ms";
  }
};

}  // namespace

class TestFlood : public QObject {
  Q_OBJECT

 public:
  /// Ten minutes are longer than a test function may take by default.
  static void initMain() { qputenv("QTEST_FUNCTION_TIMEOUT", "3000000"); }

 private Q_SLOTS:
  void init();
  void whatMattersIsFoundAndNothingIsLostUnseen();

 private:
  void plant(const std::string& where, const std::string& name);
  bool isFound(const std::string& service, const std::string& name) const;
  uint64_t needlesIn(const std::string& service) const;
  std::optional<std::chrono::milliseconds> delayOf(const std::string& where, std::chrono::seconds most);
  uint64_t lines(const std::string& source) const {
    return m_engine->source(source).value("lines", uint64_t{0});
  }
  uint64_t dropped(const std::string& source) const;

  std::unique_ptr<QTemporaryDir> m_folder;
  std::unique_ptr<test::EngineProcess> m_engine;
  std::string m_noisy, m_quiet, m_tcp, m_udp;
  uint16_t m_tcpPort = 0, m_udpPort = 0;
  std::unique_ptr<base::Fd> m_peer;  ///< a second sender over TCP
  uint64_t m_planted = 0, m_plantedInFile = 0, m_plantedOverTcp = 0;
};

void TestFlood::init() {
  m_folder = std::make_unique<QTemporaryDir>();
  const auto root = std::filesystem::path(m_folder->path().toStdString());
  m_noisy = root / "noisy.log";
  m_quiet = root / "quiet.log";
  for (const auto& path : {m_noisy, m_quiet}) std::ofstream(path) << "";
  m_tcpPort = test::freePort(SOCK_STREAM);
  m_udpPort = test::freePort(SOCK_DGRAM);
  m_tcp = "syslog+tcp://127.0.0.1:" + std::to_string(m_tcpPort);
  m_udp = "syslog+udp://127.0.0.1:" + std::to_string(m_udpPort);
  m_engine = std::make_unique<test::EngineProcess>(root);
  m_engine->start({"--watch", m_noisy, m_quiet, m_tcp, m_udp});
  m_engine->mustPost("/patterns", {{"text",
                                    "id: needle\nname: Needle\nseverity: error\nsignal: service_failed\n"
                                    "match: 'needle (?P<name>\\w+) broke'\ngroup_by: name\n"}});
  m_engine->mustPost("/patterns", {{"text",
                                    "id: refused\nname: Refused\nseverity: error\n"
                                    "signal: requests_failing\nmatch: 'charge \\d+ refused'\n"}});
  for (const auto& source : {m_noisy, m_quiet, m_tcp, m_udp}) {
    QVERIFY(test::eventually([&] { return m_engine->source(source).value("readable", false); }, 30s));
  }
  QVERIFY(test::eventually([&] { return !m_engine->source(m_tcp).is_null(); }, 30s));
  m_peer = std::make_unique<base::Fd>(test::client(m_tcpPort));
}

void TestFlood::plant(const std::string& where, const std::string& name) {
  const auto what = "ERROR needle " + name + " broke";
  if (where == "tcp") {
    test::sendAll(*m_peer, "<11>1 " + stamp() + " box tcpneedle 7 - - " + what + "\n");
    ++m_plantedOverTcp;
    return;
  }
  std::ofstream(where == "quiet" ? m_quiet : m_noisy, std::ios::app) << stamp() + " " + what + "\n";
  if (where == "noisy") ++m_plantedInFile;
}

bool TestFlood::isFound(const std::string& service, const std::string& name) const {
  const auto incident = m_engine->incidentOf(service);
  if (incident.is_null()) return false;
  const auto whole = m_engine->must("/investigations/" + incident.at("id").get<std::string>());
  return std::ranges::any_of(whole.at("events"), [&](const json& event) {
    return event.at("pattern_id") == "needle" && event.at("key") == name;
  });
}

uint64_t TestFlood::needlesIn(const std::string& service) const {
  const auto incident = m_engine->incidentOf(service);
  if (incident.is_null()) return 0;
  const auto whole = m_engine->must("/investigations/" + incident.at("id").get<std::string>());
  return static_cast<uint64_t>(std::ranges::count_if(whole.at("events"), [&](const json& event) {
    return event.at("pattern_id") == "needle" && event.at("service") == service;
  }));
}

std::optional<std::chrono::milliseconds> TestFlood::delayOf(const std::string& where,
                                                            std::chrono::seconds most) {
  const auto name = where + std::to_string(m_planted++);
  const auto begun = Steady::now();
  plant(where, name);
  const auto service = where == "tcp" ? "tcpneedle" : where;
  if (!test::eventually([&] { return isFound(service, name); }, most)) return std::nullopt;
  return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - begun);
}

uint64_t TestFlood::dropped(const std::string& source) const {
  return m_engine->source(source).value("dropped", uint64_t{0});
}

void TestFlood::whatMattersIsFoundAndNothingIsLostUnseen() {
  const auto span = qEnvironmentVariableIntValue("AIOPS_FULL") != 0 ? 600s : 9s;
  std::map<std::string, Delays> delays;
  std::vector<size_t> resident;
  std::string problem;
  Flood flood(m_noisy, m_tcpPort, m_udpPort);
  const auto begun = Steady::now();
  while (Steady::now() - begun < span && problem.empty()) {
    for (const std::string where : {"quiet", "tcp", "noisy"}) {
      const auto delay = delayOf(where, kFound);
      if (!delay) problem = "not found within 5 s: " + where;
      if (delay) delays[where].all.push_back(*delay);
    }
    resident.push_back(residentBytes(m_engine->process().pid()));
    flood.fileRead = lines(m_noisy);
    test::pause(200ms);
  }
  // Automation can be stopped in the middle of it.
  const auto stopping = Steady::now();
  m_engine->mustPost("/automation/stop", {{"reason", "flood"}});
  const auto stopped = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - stopping);
  const auto ended = Steady::now();
  const auto read = lines(m_noisy) + lines(m_tcp) + lines(m_udp);
  flood.end();
  const double seconds = std::chrono::duration<double>(ended - begun).count();
  qInfo(
      "written %.0f lines a second, read %.0f; found in a quiet file after%s, over another connection "
      "after%s, in the flooded file after%s; stop took %lld ms",
      static_cast<double>(flood.file + flood.tcp + flood.udp) / seconds, static_cast<double>(read) / seconds,
      delays["quiet"].shown().c_str(), delays["tcp"].shown().c_str(), delays["noisy"].shown().c_str(),
      static_cast<long long>(stopped.count()));
  QVERIFY2(problem.empty(), problem.c_str());
  QVERIFY(delays["noisy"].all.size() >= 3 || kSanitized);

  QVERIFY(test::eventually([&] { return lines(m_noisy) == flood.file + m_plantedInFile; }, kDrained));
  QVERIFY(test::eventually([&] { return lines(m_tcp) == flood.tcp + m_plantedOverTcp; }, kDrained));
  QCOMPARE(dropped(m_noisy), uint64_t(0));
  QCOMPARE(dropped(m_tcp), uint64_t(0));
  // What was seen before its turn was read again in its turn: it is told of once.
  QCOMPARE(needlesIn("noisy"), m_plantedInFile);
  // The kernel tells what it has dropped with the next datagram that it takes.
  const auto peer = test::client(m_udpPort, SOCK_DGRAM);
  const auto allKnown = [&] {
    if (lines(m_udp) + dropped(m_udp) == flood.udp) return true;
    flood.sendDatagram(peer);
    return false;
  };
  const bool conserved = test::eventually(allKnown, 60s);
  qInfo("file %llu, TCP %llu, UDP %llu lines, of which %llu were dropped",
        static_cast<unsigned long long>(flood.file), static_cast<unsigned long long>(flood.tcp),
        static_cast<unsigned long long>(flood.udp), static_cast<unsigned long long>(dropped(m_udp)));
  QVERIFY(conserved);

  // Half a million errors of one kind are some events.
  const auto patterns = m_engine->must("/patterns");
  for (const auto& item : patterns.at("items")) {
    if (item.at("id") != "refused") continue;
    QVERIFY(item.at("match_count") > flood.file / kRefusedEvery);
    QVERIFY2(item.at("event_count") < 100, item.dump().c_str());
  }

  const auto half = resident.begin() + static_cast<ptrdiff_t>(resident.size() / 2);
  QVERIFY(half != resident.begin() || kSanitized);
  if (half != resident.begin()) {
    const auto first = *std::max_element(resident.begin(), half),
               second = *std::max_element(half, resident.end());
    const auto after = residentBytes(m_engine->process().pid());
    qInfo("resident: %zu, then %zu, at the end %zu MB", first >> 20, second >> 20, after >> 20);
    QVERIFY(kSanitized || second < first + first / 4 + (32u << 20));
    QVERIFY(kSanitized || std::max(second, after) < kMostResident);
  }
  m_engine->end();
}

QTEST_GUILESS_MAIN(TestFlood)
#include "tst_faults_flood.moc"
