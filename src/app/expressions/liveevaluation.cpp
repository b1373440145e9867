// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/expressions/liveevaluation.h"

#include "app/text.h"
#include "core/expr/convert.h"
#include "core/expr/json.h"
#include "core/expr/parser.h"
#include "core/expr/print.h"
#include "core/expressionfit.h"
#include "core/ldapvalue.h"
#include "core/mapping.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QMutex>
#include <QThreadPool>

#include <algorithm>

namespace gatehouse::app {

namespace expr = core::expr;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(gatehouse::app::LiveEvaluation)
};

/// Longest text of a value that is shown.
constexpr int kMaxShown = 4000;
/// Steps that are shown, and the time that working them out may take.
constexpr int kMaxSteps = 24;
constexpr qint64 kStepsNanoseconds = 300'000'000;
constexpr QLatin1String kLdapAttributes("ldapAttributes");
/// Evaluations at the same time: a second one need not wait for one that goes to its limits.
constexpr int kMaxRunning = 2;

/// The sample, its names without regard to case where they are LDAP's.
class SampleContext : public expr::Context {
public:
    SampleContext(const expr::Value &root, bool foldNames) : m_root(root), m_fold(foldNames) {}

    expr::Value root(int, const QString &name) const override
    {
        if (m_root.kind() != expr::Kind::Map)
            return {};
        if (const expr::Value *found = m_root.map().find(name))
            return *found;
        if (m_fold) {
            for (const auto &[key, value] : m_root.map().entries()) {
                if (key.compare(name, Qt::CaseInsensitive) == 0)
                    return value;
            }
        }
        return {};
    }
    expr::Value whole() const override { return m_root; }

private:
    const expr::Value &m_root;
    bool m_fold;
};

/// The parts that are worth showing, inner ones first. Not what stands inside of selections and projections: there
/// names mean an element.
void collectParts(const expr::Node &node, QList<const expr::Node *> &parts)
{
    using expr::NodeKind;
    const bool perElement = node.kind == NodeKind::Select || node.kind == NodeKind::SelectFirst
        || node.kind == NodeKind::SelectLast || node.kind == NodeKind::Project;
    if (perElement)
        return;
    for (size_t i = 0; i < node.children.size(); ++i) {
        // The steps of a path mean nothing by themselves, but what is calculated inside an index does.
        const bool isKey = node.kind == NodeKind::Map && i % 2 == 0;
        if (!isKey)
            collectParts(*node.children[i], parts);
    }
    switch (node.kind) {
    case NodeKind::Name:
    case NodeKind::Call:
    case NodeKind::Path:
    case NodeKind::Binary:
    case NodeKind::Prefix:
    case NodeKind::Ternary:
    case NodeKind::Elvis:
        parts.append(&node);
        break;
    default:
        break;
    }
}

/// @p expressions: one, or those of a text's parts.
QList<ExpressionStep> stepsOf(const QStringList &expressions, const expr::Context &context)
{
    QStringList prints;
    for (const QString &text : expressions) {
        const expr::Parsed parsed = expr::parseTree(text);
        QList<const expr::Node *> parts;
        collectParts(*parsed.tree, parts);
        for (const expr::Node *part : parts) {
            if (const QString print = expr::printTree(*part); !prints.contains(print))
                prints.append(print);
        }
    }
    QList<ExpressionStep> steps;
    QElapsedTimer clock;
    clock.start();
    for (const QString &print : std::as_const(prints)) {
        if (steps.size() >= kMaxSteps || clock.nsecsElapsed() > kStepsNanoseconds)
            break;
        const auto expression = expr::Expression::parse(print);
        if (!expression)
            continue;
        const auto value = expression->evaluate(context);
        steps.append({print, value ? valueText(*value) : value.error().message, !value.has_value()});
    }
    return steps;
}

/// What the sample holds under "ldapAttributes"; attributes are found without regard to case.
class SignOnSample {
public:
    explicit SignOnSample(const expr::Value &root)
    {
        if (root.kind() != expr::Kind::Map)
            return;
        if (const expr::Value *attributes = root.map().find(kLdapAttributes); attributes && attributes->kind() == expr::Kind::Map)
            m_attributes = *attributes;
    }
    expr::Value valueOf(const QString &attribute) const
    {
        return m_attributes.kind() == expr::Kind::Map ? SampleContext(m_attributes, true).root(0, attribute) : expr::Value();
    }
    /// With the attributes that are read, by the names that the text writes.
    expr::Value rootFor(const core::SlotNames &sources) const
    {
        expr::Map map;
        if (m_attributes.kind() == expr::Kind::Map) {
            for (const auto &[name, value] : m_attributes.map().entries())
                map.insert(name, value);
        }
        for (const QByteArray &source : sources)
            map.insert(QString::fromUtf8(source), valueOf(QString::fromUtf8(source)));
        expr::Map root;
        root.insert(kLdapAttributes, expr::Value(std::move(map)));
        return expr::Value(std::move(root));
    }

private:
    expr::Value m_attributes;
};

/// Attributes that the directory does not have, each with its place.
QList<expr::Fault> unknownAttributes(const core::LdapValue &value, const QStringList &known)
{
    QList<expr::Fault> faults;
    for (const QByteArray &source : value.sources()) {
        const QString name = QString::fromUtf8(source);
        const QString path = kLdapAttributes + u'.' + name.section(u';', 0, 0);
        if (known.contains(path, Qt::CaseInsensitive))
            continue;
        const QString nearest = expr::nearestName(path, known).section(u'.', 1);
        faults.append({nearest.isEmpty() ? Words::tr("The directory has no attribute %1.").arg(name)
                                         : Words::tr("The directory has no attribute %1. Did you mean %2?").arg(name, nearest),
                       int(std::max<qsizetype>(0, value.text().indexOf(name))), int(name.size())});
    }
    return faults;
}

QList<expr::Fault> asFaults(const QList<core::Error> &errors)
{
    QList<expr::Fault> faults;
    for (const core::Error &error : errors)
        faults.append({error.detail, error.offset, error.length});
    return faults;
}

/// Paths into `user` that no attribute has, each with its place.
QList<expr::Fault> unknownPaths(const expr::Expression &expression, const QStringList &known)
{
    QList<expr::Fault> faults;
    for (const QString &path : expression.references()) {
        const auto fits = [&](const QString &name) {
            return name == path || name.startsWith(path + u'.') || path.startsWith(name + u'.');
        };
        const qsizetype at = expression.text().indexOf(path);
        if (at < 0 || std::any_of(known.begin(), known.end(), fits))
            continue;
        const QString nearest = expr::nearestName(path, known);
        faults.append({nearest.isEmpty() ? Words::tr("There is no %1.").arg(path)
                                         : Words::tr("There is no %1. Did you mean %2?").arg(path, nearest),
                       int(at), int(path.size())});
    }
    return faults;
}

/// What the target makes of the value, and what will be wrong for every other person where this one is no example.
template <typename Source>
void judgeTarget(const ExpressionQuestion &question, const Source &expression, ExpressionAnswer &answer)
{
    const int number = question.catalog ? question.catalog->find(question.target) : -1;
    if (number < 0)
        return;
    const core::AttributeDefinition &target = question.catalog->at(number);
    if (answer.value) {
        answer.stored = core::valueFor(target, *answer.value, answer.problems);
        if (!answer.problems.isEmpty())
            return;
        if (!target.multiValued && target.type != core::AttributeType::Json && answer.value->isSequence()
            && answer.value->items().size() > 1)
            answer.targetNote = Words::tr("%1 takes one value: of this list of %2 only the first is kept. Use "
                                          "#string.join(…, ', ') for one text, or […] for another element.")
                                    .arg(target.displayName)
                                    .arg(answer.value->items().size());
        if (auto problem = question.catalog->check(number, answer.stored)) {
            problem->message = Text::fieldProblem(*problem, target, answer.stored);
            answer.problems.append(*std::move(problem));
        }
    }
    const auto fault = core::misfit(expression, target);
    if (fault && answer.targetNote.isEmpty() && answer.problems.isEmpty())
        answer.warnings.append(*fault);
}

/// Of a user type's row: what a sign-on would make of the sample.
void answerSignOn(const ExpressionQuestion &question, ExpressionAnswer &answer)
{
    const auto value = core::LdapValue::parse(question.text);
    if (!value) {
        answer.faults = asFaults(value.error());
        return;
    }
    answer.warnings = value->warnings();
    if (!question.names.isEmpty())
        answer.warnings += unknownAttributes(*value, question.names);
    const SignOnSample sample(question.root);
    QElapsedTimer clock;
    clock.start();
    const auto result = value->evaluate([&](const QString &attribute) { return sample.valueOf(attribute); });
    answer.nanoseconds = clock.nsecsElapsed();
    if (result)
        answer.value = *result;
    else
        answer.failure = result.error();
    judgeTarget(question, *value, answer);
    if (question.steps) {
        const expr::Value root = sample.rootFor(value->sources());
        answer.steps = stepsOf(value->expressions(), SampleContext(root, false));
    }
}

void answerExpression(const ExpressionQuestion &question, ExpressionAnswer &answer)
{
    const bool directory = question.reading == ExpressionNames::Directory;
    auto expression = expr::Expression::parse(question.text);
    if (expression && directory && !question.names.isEmpty()) {
        QStringList names = question.names;
        for (const QString &name : expression->rootNames()) {
            if (names.contains(name, Qt::CaseInsensitive))
                names.append(name);
        }
        expression = expr::Expression::parse(question.text, {names});
    }
    if (!expression) {
        answer.faults = expression.error();
        return;
    }
    answer.warnings = expression->warnings();
    if (!directory && !question.names.isEmpty())
        answer.warnings += unknownPaths(*expression, question.names);
    if (directory)
        answer.faults = core::mappingFaults(*expression);
    if (!answer.faults.isEmpty())
        return;
    const SampleContext context(question.root, directory);
    QElapsedTimer clock;
    clock.start();
    const auto value = expression->evaluate(context);
    answer.nanoseconds = clock.nsecsElapsed();
    if (value)
        answer.value = *value;
    else
        answer.failure = value.error();
    judgeTarget(question, *expression, answer);
    if (question.steps)
        answer.steps = stepsOf({question.text}, context);
}

} // namespace

QList<expr::Fault> expressionFaults(const QString &text, ExpressionNames reading)
{
    if (reading == ExpressionNames::SignOn) {
        const auto value = core::LdapValue::parse(text);
        return value ? QList<expr::Fault>() : asFaults(value.error());
    }
    const auto parsed = expr::Expression::parse(text);
    if (!parsed)
        return parsed.error();
    return reading == ExpressionNames::Directory ? core::mappingFaults(*parsed) : QList<expr::Fault>();
}

ExpressionAnswer answerTo(const ExpressionQuestion &question)
{
    ExpressionAnswer answer;
    answer.text = question.text;
    answer.empty = question.text.trimmed().isEmpty();
    if (answer.empty)
        return answer;
    QElapsedTimer total;
    total.start();
    if (question.reading == ExpressionNames::SignOn)
        answerSignOn(question, answer);
    else
        answerExpression(question, answer);
    answer.totalNanoseconds = total.nsecsElapsed();
    return answer;
}

/// Outlives the face while an evaluation goes on.
struct LiveEvaluation::Shared {
    QMutex mutex;
    LiveEvaluation *face = nullptr;
};

LiveEvaluation::LiveEvaluation(QObject *parent) : QObject(parent), m_shared(std::make_shared<Shared>())
{
    m_shared->face = this;
}

LiveEvaluation::~LiveEvaluation()
{
    const QMutexLocker lock(&m_shared->mutex);
    m_shared->face = nullptr;
}

quint64 LiveEvaluation::ask(const ExpressionQuestion &question)
{
    m_next = question;
    ++m_asked;
    if (m_running < kMaxRunning)
        start();
    return m_asked;
}

void LiveEvaluation::start()
{
    ++m_running;
    QThreadPool::globalInstance()->start([shared = m_shared, question = *std::move(m_next), number = m_asked] {
        ExpressionAnswer answer = answerTo(question);
        answer.question = number;
        const QMutexLocker lock(&shared->mutex);
        if (LiveEvaluation *face = shared->face)
            QMetaObject::invokeMethod(face, [face, answer = std::move(answer)] { face->take(answer); }, Qt::QueuedConnection);
    });
    m_next.reset();
}

void LiveEvaluation::take(const ExpressionAnswer &answer)
{
    --m_running;
    if (m_next)
        start();
    if (answer.question != m_asked)
        return; // somebody typed on
    m_answered = m_asked;
    emit answered(answer);
}

QString valueText(const expr::Value &value)
{
    if (value.isString()) {
        const QString &text = value.string();
        if (text.size() <= kMaxShown)
            return text;
        return text.left(kMaxShown) + Words::tr("… (%n characters)", nullptr, int(text.size()));
    }
    const QString json = QString::fromUtf8(expr::printJson(value));
    return json.size() <= kMaxShown ? json : json.left(kMaxShown) + QStringLiteral("…");
}

QString valueKind(const expr::Value &value)
{
    switch (value.kind()) {
    case expr::Kind::Null:
        return Words::tr("null: no value");
    case expr::Kind::Boolean:
        return Words::tr("true or false");
    case expr::Kind::Byte:
    case expr::Kind::Short:
    case expr::Kind::Int:
    case expr::Kind::Long:
    case expr::Kind::BigInteger:
        return Words::tr("whole number");
    case expr::Kind::Float:
    case expr::Kind::Double:
    case expr::Kind::BigDecimal:
        return Words::tr("decimal number");
    case expr::Kind::Char:
    case expr::Kind::String:
        return Words::tr("text, length %1").arg(value.isString() ? value.string().size() : 1);
    case expr::Kind::List:
    case expr::Kind::Array:
        return Words::tr("list, length %1").arg(value.items().size());
    case expr::Kind::Map:
        return Words::tr("map, size %1").arg(value.map().size());
    }
    return {};
}

} // namespace gatehouse::app
