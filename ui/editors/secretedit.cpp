// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/editors/secretedit.h"

#include "core/config/secretreference.h"
#include "ui/editors/fileedit.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace gatehouse::ui {

using Kind = core::SecretReference::Kind;

SecretEdit::SecretEdit(QWidget *parent)
    : QWidget(parent), m_kind(new QComboBox(this)), m_stack(new QStackedWidget(this)), m_password(new QLineEdit),
      m_variable(new QLineEdit), m_file(new FileEdit(tr("File that holds the password"), {})), m_note(new QLabel(this))
{
    m_kind->addItem(tr("No password (anonymous bind)"), int(Kind::None));
    m_kind->addItem(tr("In the desktop's keychain"), int(Kind::Keychain));
    m_kind->addItem(tr("In an environment variable"), int(Kind::Environment));
    m_kind->addItem(tr("In a file"), int(Kind::File));
    m_kind->setObjectName(QStringLiteral("secretKind"));
    m_kind->setAccessibleName(tr("Where the password is kept"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText);
    m_password->setObjectName(QStringLiteral("secretPassword"));
    m_password->setAccessibleName(tr("Password"));
    m_variable->setObjectName(QStringLiteral("secretVariable"));
    m_variable->setAccessibleName(tr("Name of the environment variable"));
    m_variable->setPlaceholderText(QStringLiteral("GATEWAY_PASSWORD"));
    m_variable->setFont(monospaceFont(font()));
    m_file->edit()->setObjectName(QStringLiteral("secretFile"));

    m_stack->addWidget(new QWidget);
    m_stack->addWidget(m_password);
    m_stack->addWidget(m_variable);
    m_stack->addWidget(m_file);

    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    m_note->setForegroundRole(QPalette::PlaceholderText);
    m_note->setFont(scaledFont(font(), 0.93));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_kind);
    layout->addWidget(m_stack);
    layout->addWidget(m_note);
    setFocusProxy(m_kind);

    connect(m_kind, &QComboBox::currentIndexChanged, this, &SecretEdit::onKind);
    connect(m_file, &FileEdit::pathChanged, this, &SecretEdit::valueChanged);
    for (QLineEdit *edit : {m_password, m_variable})
        connect(edit, &QLineEdit::textChanged, this, &SecretEdit::valueChanged);
    onKind();
}

void SecretEdit::setWords(const QString &none, const QString &where, const QString &secret)
{
    m_kind->setItemText(m_kind->findData(int(Kind::None)), none);
    m_kind->setAccessibleName(where);
    m_password->setAccessibleName(secret);
}

void SecretEdit::setReference(const core::SecretReference &reference, bool stored)
{
    m_stored = stored && reference.kind == Kind::Keychain;
    m_password->clear();
    m_password->setPlaceholderText(m_stored ? tr("Stored; type to replace it") : QString());
    if (reference.kind == Kind::Environment)
        m_variable->setText(reference.name);
    if (reference.kind == Kind::File)
        m_file->setPath(reference.name);
    m_kind->setCurrentIndex(m_kind->findData(int(reference.kind)));
    onKind();
}

core::SecretReference SecretEdit::reference() const
{
    const Kind kind = Kind(m_kind->currentData().toInt());
    switch (kind) {
    case Kind::Environment:
        return {kind, m_variable->text().trimmed()};
    case Kind::File:
        return {kind, m_file->path()};
    default:
        return {kind, QString()};
    }
}

bool SecretEdit::hasTyped() const
{
    return reference().kind == Kind::Keychain && !m_password->text().isEmpty();
}

core::Secret SecretEdit::typed() const
{
    return hasTyped() ? core::Secret(m_password->text().toUtf8()) : core::Secret();
}

QVariantMap SecretEdit::value() const
{
    const core::SecretReference current = reference();
    return {{QStringLiteral("kind"), int(current.kind)},
            {QStringLiteral("name"), current.name},
            {QStringLiteral("typed"), hasTyped()}};
}

QString SecretEdit::fault() const
{
    const core::SecretReference current = reference();
    switch (current.kind) {
    case Kind::Keychain:
        return hasTyped() || m_stored ? QString() : tr("Type it, so that it can be put into the keychain.");
    case Kind::Environment:
        return current.name.isEmpty() ? tr("Name the environment variable.") : QString();
    case Kind::File:
        return current.name.isEmpty() ? tr("Name the file.") : QString();
    case Kind::None:
        break;
    }
    return {};
}

void SecretEdit::onKind()
{
    const Kind kind = Kind(m_kind->currentData().toInt());
    m_stack->setCurrentIndex(int(kind)); // its pages stand in the order of the kinds
    m_stack->setVisible(kind != Kind::None);
    switch (kind) {
    case Kind::None:
        m_note->setText({});
        break;
    case Kind::Keychain:
        m_note->setText(tr("Kept by the desktop, for you, on this machine only."));
        break;
    case Kind::Environment:
        m_note->setText(tr("Read when a connection is made; also works for services without a desktop."));
        break;
    case Kind::File:
        m_note->setText(tr("Only its owner may read the file (chmod 600), else it is refused."));
        break;
    }
    m_note->setVisible(!m_note->text().isEmpty());
    emit valueChanged();
}

} // namespace gatehouse::ui
