// SPDX-License-Identifier: GPL-3.0-or-later
//
// What somebody was told is done is on the disk: SQLite asks the system to write its log through before the answer.
// Seen by a layer below SQLite that counts these requests. The batches of a run ask for nothing; its end does for all.
#include "core/config/configuration.h"
#include "environmentfixture.h"

#include "tests/support/testmain.h"

#include <sqlite3.h>

#include <cstring>
#include <memory>

using namespace gatehouse;
using namespace gatehouse::store;

namespace {

constexpr char kName[] = "counting";
int syncs = 0; ///< of logs

/// A file of the real layer behind one that counts. SQLite allots the room for both.
struct CountedFile {
    sqlite3_file base;
    bool isLog;
    sqlite3_file *real() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

sqlite3_file *realOf(sqlite3_file *file)
{
    return reinterpret_cast<CountedFile *>(file)->real();
}

int sync(sqlite3_file *file, int flags)
{
    syncs += reinterpret_cast<CountedFile *>(file)->isLog;
    return realOf(file)->pMethods->xSync(realOf(file), flags);
}

int close(sqlite3_file *file)
{
    return realOf(file)->pMethods->xClose(realOf(file));
}

const sqlite3_io_methods kMethods = {
    3,
    close,
    [](sqlite3_file *f, void *p, int n, sqlite3_int64 at) { return realOf(f)->pMethods->xRead(realOf(f), p, n, at); },
    [](sqlite3_file *f, const void *p, int n, sqlite3_int64 at) { return realOf(f)->pMethods->xWrite(realOf(f), p, n, at); },
    [](sqlite3_file *f, sqlite3_int64 size) { return realOf(f)->pMethods->xTruncate(realOf(f), size); },
    sync,
    [](sqlite3_file *f, sqlite3_int64 *size) { return realOf(f)->pMethods->xFileSize(realOf(f), size); },
    [](sqlite3_file *f, int lock) { return realOf(f)->pMethods->xLock(realOf(f), lock); },
    [](sqlite3_file *f, int lock) { return realOf(f)->pMethods->xUnlock(realOf(f), lock); },
    [](sqlite3_file *f, int *out) { return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out); },
    [](sqlite3_file *f, int op, void *p) { return realOf(f)->pMethods->xFileControl(realOf(f), op, p); },
    [](sqlite3_file *f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); },
    [](sqlite3_file *f) { return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f)); },
    [](sqlite3_file *f, int page, int size, int extend, void volatile **p) {
        return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, p);
    },
    [](sqlite3_file *f, int at, int n, int flags) { return realOf(f)->pMethods->xShmLock(realOf(f), at, n, flags); },
    [](sqlite3_file *f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); },
    [](sqlite3_file *f, int remove) { return realOf(f)->pMethods->xShmUnmap(realOf(f), remove); },
    [](sqlite3_file *f, sqlite3_int64 at, int n, void **p) { return realOf(f)->pMethods->xFetch(realOf(f), at, n, p); },
    [](sqlite3_file *f, sqlite3_int64 at, void *p) { return realOf(f)->pMethods->xUnfetch(realOf(f), at, p); },
};

int openFile(sqlite3_vfs *layer, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    auto *real = static_cast<sqlite3_vfs *>(layer->pAppData);
    auto *counted = reinterpret_cast<CountedFile *>(file);
    counted->isLog = (flags & SQLITE_OPEN_WAL) != 0;
    const int code = real->xOpen(real, name, counted->real(), flags, outFlags);
    counted->base.pMethods = counted->real()->pMethods ? &kMethods : nullptr;
    return code;
}

} // namespace

class DurabilityTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        sqlite3_vfs *real = sqlite3_vfs_find(nullptr);
        m_layer = *real;
        m_layer.pNext = nullptr;
        m_layer.zName = kName;
        m_layer.pAppData = real;
        m_layer.szOsFile = int(sizeof(CountedFile)) + real->szOsFile;
        m_layer.xOpen = openFile;
        QCOMPARE(sqlite3_vfs_register(&m_layer, 1), SQLITE_OK);
    }
    void cleanupTestCase() { QCOMPARE(sqlite3_vfs_unregister(&m_layer), SQLITE_OK); }
    void init()
    {
        f = std::make_unique<EnvironmentFixture>();
        VERIFY_OK(f->open());
    }
    void cleanup() { f.reset(); }

    void whatIsToldIsOnTheDisk_data()
    {
        QTest::addColumn<QString>("what");
        for (const char *what : {"a user is saved", "a configuration is saved", "an audit event", "a run begins", "a run ends"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void whatIsToldIsOnTheDisk();
    void batchesDoNotWait();
    void savesDuringARunAreOnTheDisk();

private:
    sqlite3_vfs m_layer = {};
    std::unique_ptr<EnvironmentFixture> f;
};

void DurabilityTest::whatIsToldIsOnTheDisk()
{
    QFETCH(QString, what);
    Run run;
    run.status = RunStatus::Succeeded;
    if (what == QLatin1String("a run ends"))
        run.row = f->environment->runs().begin(QStringLiteral("R"), QUuid::createUuid(), QStringLiteral("test")).value();
    const int before = syncs;
    if (what == QLatin1String("a user is saved")) {
        core::User user;
        user.values.set(f->environment->catalog()->username(), QStringLiteral("ann"));
        VERIFY_OK(f->identities().saveUser(user));
    } else if (what == QLatin1String("a configuration is saved")) {
        core::Configuration configuration = f->environment->configurations().load().value();
        configuration.populations[0].description = QStringLiteral("changed");
        VERIFY_OK(f->environment->configurations().save(configuration));
    } else if (what == QLatin1String("an audit event")) {
        VERIFY_OK(f->environment->audit().record(QStringLiteral("a"), QStringLiteral("b")));
    } else if (what == QLatin1String("a run begins")) {
        VERIFY_OK(f->environment->runs().begin(QStringLiteral("R"), QUuid::createUuid(), QStringLiteral("test")));
    } else {
        VERIFY_OK(f->environment->runs().finish(run));
    }
    QVERIFY(syncs > before);
}

void DurabilityTest::batchesDoNotWait()
{
    const ApplyContext context = f->context();
    const int before = syncs;
    for (quint64 entry = 1; entry <= 20; ++entry) {
        const QuickCommits quick(f->database());
        const core::Step step = createStep(QStringLiteral("user%1").arg(entry), entry);
        VERIFY_OK(f->identities().apply(context, {&step, 1}));
    }
    QCOMPARE(syncs, before);
    Run run;
    run.row = context.run;
    run.status = RunStatus::Succeeded;
    VERIFY_OK(f->environment->runs().finish(run));
    QVERIFY(syncs > before);
}

void DurabilityTest::savesDuringARunAreOnTheDisk()
{
    {
        const QuickCommits quick(f->database());
        VERIFY_OK(f->applyOne(createStep(QStringLiteral("ann"), 1)));
    }
    QCOMPARE(f->database().integer("PRAGMA synchronous").value(), 2);
    const int before = syncs;
    VERIFY_OK(f->environment->audit().record(QStringLiteral("a"), QStringLiteral("b")));
    QVERIFY(syncs > before);
    // Asked for within a transaction it changes nothing.
    auto transaction = Transaction::begin(f->database());
    VERIFY_OK(transaction);
    {
        const QuickCommits quick(f->database());
        VERIFY_OK(f->environment->audit().record(QStringLiteral("c"), QStringLiteral("d")));
    }
    const int then = syncs;
    VERIFY_OK(transaction->commit());
    QVERIFY(syncs > then);
    QCOMPARE(f->database().integer("PRAGMA synchronous").value(), 2);
}

CONSOLE_TEST(DurabilityTest)
#include "tst_durability.moc"
