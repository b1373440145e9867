// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text.h"

#include <QLocale>

namespace gatehouse::app {

using core::Code;

namespace {

/// The rooms below write facts in small letters; on a screen they stand as sentences.
QString sentence(QString text)
{
    if (text.isEmpty())
        return text;
    text[0] = text[0].toUpper();
    static const QString ends = QStringLiteral(".!?\u2026:");
    return ends.contains(text.back()) ? text : QString(text + QLatin1Char('.'));
}

} // namespace

QString Text::headline(const core::Error &error)
{
    if (!error.what.isEmpty())
        return sentence(error.what);
    switch (error.code) {
    case Code::NotFound:
        return tr("It does not exist.");
    case Code::Exists:
        return tr("The name is taken.");
    case Code::Conflict:
        return tr("Something changed meanwhile.");
    case Code::Unreachable:
        return tr("No connection.");
    case Code::Untrusted:
        return tr("The secure channel was refused.");
    case Code::Unauthenticated:
        return tr("The sign-on was refused.");
    case Code::Denied:
        return tr("Not allowed.");
    case Code::Timeout:
        return tr("No answer in time.");
    case Code::Cancelled:
        return tr("Cancelled.");
    case Code::LimitExceeded:
        return tr("A limit ended the work early.");
    case Code::Busy:
        return tr("Busy.");
    case Code::Locked:
        return tr("Another run holds this rule.");
    case Code::Guard:
        return tr("A guard stopped the run before its first change.");
    case Code::Unsupported:
        return tr("The server cannot do this.");
    case Code::Protocol:
        return tr("The other side broke the protocol.");
    case Code::Corrupt:
        return tr("Stored data is damaged, or of a newer version.");
    default:
        return tr("Something went wrong.");
    }
}

QString Text::details(const core::Error &error)
{
    QStringList lines{codeName(error.code), headline(error)};
    if (!error.detail.isEmpty())
        lines << error.detail;
    if (!error.where.isEmpty())
        lines << tr("Where: %1").arg(error.where);
    if (error.native != 0)
        lines << tr("Native code: %1").arg(error.native);
    return lines.join(QLatin1Char('\n'));
}

QString Text::problem(const core::Problem &problem)
{
    if (!problem.message.isEmpty())
        return sentence(problem.message);
    switch (problem.code) {
    case core::ProblemCode::RequiredValue:
        return tr("A value is required.");
    case core::ProblemCode::InvalidValue:
        return tr("This value is not valid here.");
    case core::ProblemCode::TooLong:
        return tr("The text is too long.");
    case core::ProblemCode::UniquenessViolation:
        return tr("Somebody else has this value.");
    case core::ProblemCode::AmbiguousMatch:
        return tr("More than one candidate matches.");
    case core::ProblemCode::TakenMatch:
        return tr("The matching user belongs to another entry.");
    case core::ProblemCode::ExpressionFault:
        return tr("The mapping's expression failed.");
    case core::ProblemCode::MissingIdentifier:
        return tr("The entry has no immutable id.");
    case core::ProblemCode::DuplicateEntry:
        return tr("The directory delivered the same entry twice.");
    case core::ProblemCode::ChangedMeanwhile:
        return tr("It changed meanwhile.");
    case core::ProblemCode::NotAllowed:
        return tr("The connection's preferences do not allow this.");
    case core::ProblemCode::StoreFault:
        return tr("The environment refused it.");
    }
    return {};
}

QString Text::fieldProblem(const core::Problem &problem, const core::AttributeDefinition &definition,
                           const core::Value &value)
{
    switch (problem.code) {
    case core::ProblemCode::RequiredValue:
        return tr("%1 is required.").arg(definition.displayName);
    case core::ProblemCode::TooLong:
        return tr("At most %1 characters are allowed; this has %2.")
            .arg(definition.maxLength)
            .arg(core::displayText(value).size());
    case core::ProblemCode::UniquenessViolation:
        return tr("Another user has this value. Choose a different one.");
    case core::ProblemCode::InvalidValue:
        break;
    default:
        return Text::problem(problem);
    }
    if (definition.type == core::AttributeType::Json)
        return tr("Write valid JSON, for example {\"floor\": 3}.");
    if (!definition.pattern.isEmpty())
        return tr("The value must match the pattern %1.").arg(definition.pattern);
    switch (definition.rule) {
    case core::TextRule::Email:
        return tr("Write an e-mail address such as name@example.com.");
    case core::TextRule::Phone:
        return tr("A phone number has at least one digit, for example +49 30 1234567.");
    case core::TextRule::CountryCode:
        return tr("Write the country as two capital letters, for example DE.");
    case core::TextRule::LanguageTag:
        return tr("Write a language tag, for example en-GB.");
    case core::TextRule::LanguageRange:
        return tr("Write languages as a browser does, for example de, en;q=0.8.");
    case core::TextRule::Timezone:
        return tr("Write a time zone as Area/Place, for example Europe/Berlin.");
    case core::TextRule::HttpUrl:
        return tr("Write a web address that begins with https:// or http://.");
    case core::TextRule::Printable:
    case core::TextRule::MultiLine:
        return tr("The text holds characters that cannot be printed. Remove them.");
    }
    return Text::problem(problem);
}

QString Text::departure(core::Departure departure)
{
    switch (departure) {
    case core::Departure::None:
        break;
    case core::Departure::Deleted:
        return tr("Deleted in the directory");
    case core::Departure::NotVisible:
        return tr("No longer visible: deleted, or hidden from the account");
    case core::Departure::OutsideBase:
        return tr("Moved out of what the rule reads");
    case core::Departure::OutsideFilter:
        return tr("No longer matches the rule's filter");
    }
    return {};
}

QString Text::relativeTime(const QDateTime &time, const QDateTime &now)
{
    if (!time.isValid())
        return tr("never");
    const qint64 seconds = time.secsTo(now);
    if (seconds < -60)
        return fullTime(time);
    if (seconds < 60)
        return tr("just now");
    if (seconds < 3600)
        return tr("%n min ago", nullptr, int(seconds / 60));
    const qint64 days = time.toLocalTime().date().daysTo(now.toLocalTime().date());
    if (seconds < 24 * 3600 && days == 0)
        return tr("%n h ago", nullptr, int(seconds / 3600));
    if (days == 1)
        return tr("yesterday");
    if (days < 7)
        return tr("%n days ago", nullptr, int(days));
    return QLocale().toString(time.toLocalTime().date(), QLocale::ShortFormat);
}

QString Text::fullTime(const QDateTime &time)
{
    return time.isValid() ? QLocale().toString(time.toLocalTime(), QLocale::ShortFormat) : QString();
}

QString Text::span(qint64 milliseconds)
{
    if (milliseconds < 1000)
        return tr("%1 ms").arg(milliseconds);
    const qint64 seconds = (milliseconds + 500) / 1000;
    if (seconds < 90)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min").arg((seconds + 30) / 60);
    return tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60);
}

QString Text::number(qint64 count)
{
    return QLocale().toString(count);
}

QString Text::phase(provision::Phase phase)
{
    switch (phase) {
    case provision::Phase::Opening:
        return tr("connecting");
    case provision::Phase::Reading:
        return tr("reading");
    case provision::Phase::Planning:
        return tr("planning");
    case provision::Phase::Applying:
        return tr("applying");
    case provision::Phase::Finishing:
        return tr("finishing");
    }
    return {};
}

QString Text::status(store::RunStatus status)
{
    switch (status) {
    case store::RunStatus::Running:
        return tr("Running");
    case store::RunStatus::Succeeded:
        return tr("Succeeded");
    case store::RunStatus::Partial:
        return tr("Some failed");
    case store::RunStatus::Failed:
        return tr("Failed");
    case store::RunStatus::Stopped:
        return tr("Stopped");
    case store::RunStatus::Cancelled:
        return tr("Cancelled");
    case store::RunStatus::BrokenOff:
        return tr("Broken off");
    }
    return {};
}

Tone Text::tone(store::RunStatus status)
{
    switch (status) {
    case store::RunStatus::Running:
        return Tone::Accent;
    case store::RunStatus::Succeeded:
        return Tone::Good;
    case store::RunStatus::Partial:
    case store::RunStatus::Stopped:
        return Tone::Warning;
    case store::RunStatus::Failed:
    case store::RunStatus::BrokenOff:
        return Tone::Bad;
    case store::RunStatus::Cancelled:
        return Tone::Neutral;
    }
    return Tone::Neutral;
}

QString Text::action(core::Action action)
{
    switch (action) {
    case core::Action::None:
        return tr("unchanged");
    case core::Action::Create:
        return tr("create");
    case core::Action::Update:
        return tr("update");
    case core::Action::Enable:
        return tr("enable");
    case core::Action::Disable:
        return tr("disable");
    case core::Action::Delete:
        return tr("delete");
    case core::Action::Failed:
        return tr("failed");
    }
    return {};
}

Tone Text::tone(core::Action action)
{
    switch (action) {
    case core::Action::None:
        return Tone::Neutral;
    case core::Action::Create:
    case core::Action::Enable:
        return Tone::Good;
    case core::Action::Update:
        return Tone::Accent;
    case core::Action::Disable:
    case core::Action::Delete:
        return Tone::Bad;
    case core::Action::Failed:
        return Tone::Warning;
    }
    return Tone::Neutral;
}

QString Text::sideBySide(const QStringList &texts)
{
    QStringList isolated;
    for (const QString &text : texts)
        isolated.append(QChar(0x2068) + text + QChar(0x2069));
    return isolated.join(QStringLiteral(" · "));
}

QString Text::value(const core::Value &value)
{
    if (const bool *flag = std::get_if<bool>(&value))
        return *flag ? tr("Yes") : tr("No");
    return core::displayText(value);
}

} // namespace gatehouse::app
