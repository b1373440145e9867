// SPDX-License-Identifier: GPL-3.0-or-later
//
// Tools > Expression Builder: an expression tried on people of a gateway's directory or of the identity directory, for
// a target attribute or for none. Nothing is saved anywhere but the last expression, in the settings, and copied on
// request. Writes to no directory.
#pragma once

#include "ui/pages/page.h"

class QComboBox;

namespace gatehouse::ui {

class ExpressionBench;

class ExpressionsPage : public Page {
    Q_OBJECT
public:
    ExpressionsPage(const PageContext &context, QWidget *parent);

    void refresh() override;
    bool focusSearch() override;
    ExpressionBench *bench() const { return m_bench; }

private:
    void showConfiguration();
    void useSource();
    void useTarget();

    ExpressionBench *m_bench;
    QComboBox *m_source;
    QComboBox *m_target;
    QString m_used;       ///< the source in use, so that a changed configuration does not take the sample away
    core::Gateway m_gateway; ///< as it was when it was taken into use
    QList<QByteArray> m_bases;
    bool m_filling = false;
};

} // namespace gatehouse::ui
