// SPDX-License-Identifier: GPL-3.0-or-later
//
// One evaluation of a program: the budget, the current element of selections and projections, and the fault when
// there is one. Lives on the stack of Expression::evaluate(), one thread; program and context outlive it.
#pragma once

#include "core/expr/arithmetic.h"
#include "core/expr/context.h"
#include "core/expr/program.h"

#include <QVarLengthArray>

#include <optional>

namespace gatehouse::core::expr {

class Evaluation {
public:
    Evaluation(const Program &program, const Context &context) : m_program(program), m_context(context) {}

    /// Evaluates one instruction; false when there is a fault.
    bool run(const Instruction &instruction, Value &result);
    /// False, with a fault, when the result is too large to be handed out.
    bool admit(const Value &result);
    const Fault &fault() const { return m_fault; }

private:
    // evaluate.cpp
    bool list(const Instruction &instruction, Values &items, int from = 0);
    bool map(const Instruction &instruction, Value &result);
    bool newArray(const Instruction &instruction, int dimension, Value &result);
    bool arrayOf(const Instruction &instruction, Value &result);
    bool call(const Instruction &instruction, Value &result);
    bool ternary(const Instruction &instruction, Value &result);
    bool elvis(const Instruction &instruction, Value &result);
    bool condition(const Instruction &operand, const QString &what, bool &result);
    bool name(const Value &target, const QString &name, const Instruction &place, const Value *&found);
    const Value &root(int slot);
    const Value &whole();
    bool wrong(const Instruction &place, QString message);
    bool spent(const Instruction &place);

    // operations.cpp
    bool logic(const Instruction &instruction, Value &result);
    bool binary(const Instruction &instruction, Value &result);
    bool apply(const OperatorPlace &op, const Instruction &instruction, Value &left, const Value &right);
    bool joined(Value &left, const Value &right);
    bool repeated(Value &left, qint32 times);
    bool matched(const OperatorPlace &op, const Instruction &instruction, Value &left, const Value &right);
    bool between(const OperatorPlace &op, Value &left, const Value &right);
    bool prefix(const Instruction &instruction, Value &result);
    bool unsupported(const OperatorPlace &op, const Value &left, const Value *right);
    bool outcome(Outcome outcome, const OperatorPlace &op, const Value &left, const Value &right);

    // steps.cpp
    bool path(const Instruction &instruction, Value &result);
    bool step(const Instruction &step, const Value *&current, Value &holder);
    bool indexed(const Instruction &step, const Value &target, const Value &index, Value &holder,
                 const Value *&found);
    bool project(const Instruction &step, const Value &target, Value &result);
    bool select(const Instruction &step, const Value &target, Value &result);
    bool selectFromMap(const Instruction &step, const Map &map, Value &result);
    bool inElement(const Instruction &body, const Value &element, Value &result);
    bool chosen(const Instruction &body, const Value &element, bool &result);

    bool count(const Value &value, qint64 &budget) const;

    const Program &m_program;
    const Context &m_context;
    Meter m_meter;
    std::optional<Value> m_whole;
    QVarLengthArray<std::optional<Value>, 8> m_roots; ///< by slot
    const Value *m_element = nullptr;
    Fault m_fault;
};

} // namespace gatehouse::core::expr
