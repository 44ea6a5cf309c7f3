// What is read off the host, from copies of the kernel's tables; what is missing or damaged is left out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/statvfs.h>

#include <QtTest>
#include <filesystem>
#include <fstream>

#include "sources/host_resources.h"

using namespace aiops;
using model::Resource;

namespace {

class Host {
 public:
  Host() : m_root(m_folder.path().toStdString()) {}
  void write(const std::string& path, const std::string& text) const {
    const auto full = m_root / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full) << text;
  }
  void process(const std::string& pid, int open, int limit) const {
    write("proc/" + pid + "/limits",
          "Limit                     Soft Limit           Hard Limit           Units\n"
          "Max open files            " +
              std::to_string(limit) + "                 524288               files\n");
    for (int i = 0; i < open; ++i) write("proc/" + pid + "/fd/" + std::to_string(i), "");
  }
  std::vector<model::Reading> read(const std::string& unit) const {
    return sources::HostResources(m_root).read({"web", {}, unit}, base::TimePoint{});
  }
  std::string path() const { return m_root.string(); }

 private:
  QTemporaryDir m_folder;
  const std::filesystem::path m_root;
};

const model::Reading* find(const std::vector<model::Reading>& readings, Resource resource) {
  const auto found = std::ranges::find(readings, resource, &model::Reading::resource);
  return found == readings.end() ? nullptr : &*found;
}

const std::string kV2 = "sys/fs/cgroup/system.slice/web.service/";
const std::string kV1 = "sys/fs/cgroup/memory/system.slice/web.service/";

}  // namespace

class TestHostResources : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  void aHostWithoutTablesGivesNothing() {
    const Host host;
    QVERIFY(host.read("web.service").empty());
    QVERIFY(host.read("").empty());
    QVERIFY(host.read("../../etc").empty());
  }

  void memoryIsTheWorkingSet() {
    const Host host;
    host.write(kV2 + "memory.current", "900\n");
    host.write(kV2 + "memory.max", "1000\n");
    host.write(kV2 + "memory.stat", "anon 300\ninactive_anon 7\ninactive_file 400\n");
    const auto readings = host.read("web");
    QCOMPARE(readings.size(), size_t{1});
    QCOMPARE(readings[0].used, 500.0);
    QCOMPARE(readings[0].limit, 1000.0);
    QCOMPARE(readings[0].service, std::string("web"));
    QCOMPARE(readings[0].where, std::string("web"));
  }

  void withoutALimitMemoryIsNotRead() {
    const Host host;
    host.write(kV2 + "memory.current", "900\n");
    host.write(kV2 + "memory.max", "max\n");
    QVERIFY(host.read("web.service").empty());
    const Host old;
    old.write(kV1 + "memory.usage_in_bytes", "900\n");
    old.write(kV1 + "memory.limit_in_bytes", "9223372036854771712\n");
    QVERIFY(old.read("web.service").empty());
  }

  void versionOneIsRead() {
    const Host host;
    host.write(kV1 + "memory.usage_in_bytes", "900\n");
    host.write(kV1 + "memory.limit_in_bytes", "1000\n");
    host.write(kV1 + "memory.stat", "inactive_file 1\ntotal_inactive_file 200\n");
    const auto readings = host.read("web.service");
    QVERIFY(find(readings, Resource::Memory) != nullptr);
    QCOMPARE(find(readings, Resource::Memory)->used, 700.0);
  }

  void theFullestProcessCounts() {
    const Host host;
    host.write(kV2 + "memory.current", "1\n");
    host.write(kV2 + "cgroup.procs", "10\n11\n12\n");
    host.process("10", 3, 10);
    host.process("11", 9, 10);  // 12 has gone
    const auto readings = host.read("web.service");
    const auto* descriptors = find(readings, Resource::Descriptors);
    QVERIFY(descriptors != nullptr);
    QCOMPARE(descriptors->used, 9.0);
    QCOMPARE(descriptors->limit, 10.0);
  }

  void pressureIsAShare() {
    const Host host;
    host.write(kV2 + "memory.current", "1\n");
    host.write(kV2 + "cpu.pressure",
               "some avg10=90.00 avg60=62.50 avg300=1.00 total=5\nfull avg10=0.00 avg60=0.00\n");
    const auto readings = host.read("web.service");
    QVERIFY(find(readings, Resource::Processor) != nullptr);
    QCOMPARE(find(readings, Resource::Processor)->used, 0.625);
  }

  void damagedTablesAreLeftOut() {
    const Host host;
    host.write(kV2 + "memory.current", "lots\n");
    host.write(kV2 + "memory.max", "\n");
    host.write(kV2 + "cgroup.procs", "x\n-1\n99999999999999999999\n");
    host.write(kV2 + "cpu.pressure", "some avg60=\n");
    QVERIFY(host.read("web.service").empty());
  }

  void aFileSystemIsReadOnce() {
    const Host host;
    const auto readings =
        sources::HostResources().read({"web", {host.path(), host.path(), "/not/there"}, ""}, {});
    QCOMPARE(std::ranges::count(readings, Resource::Disk, &model::Reading::resource), 1);
    struct statvfs disk{};
    QCOMPARE(::statvfs(host.path().c_str(), &disk), 0);
    const auto* reading = find(readings, Resource::Disk);
    QVERIFY(reading->limit > 0 && reading->used >= 0 && reading->used <= reading->limit);
    QVERIFY(reading->limit <= static_cast<double>(disk.f_blocks) * static_cast<double>(disk.f_frsize));
  }
};

QTEST_APPLESS_MAIN(TestHostResources)
#include "tst_sources_host_resources.moc"
