"""A thousand pairs of answers in LaTeX that SymPy holds for equal, or tells apart.

Half of the pairs are one expression in two forms that SymPy makes of it (expanded, factored, over one denominator, with simpler
roots, ...) and that agree to 50 digits at two points; the others have one number of theirs changed, and differ there.
"""
import json
import os
import random
import re

import sympy
from sympy import E, I, Abs, Integer, Pow, Rational, acos, asin, atan, cos, cosh, cot, exp, log, pi, root, sin, sinh, sqrt, tan

PAIRS = 1000
x, y, a, n = sympy.symbols('x y a n', real=True)
POINTS = [{x: Rational(7, 5), y: Rational(-3, 11), a: Rational(5, 7), n: Rational(9, 4)},
          {x: Rational(-2, 13), y: Rational(8, 3), a: Rational(-4, 9), n: Rational(6, 5)}]


def small(rng, low=-9, high=9):
    return Integer(rng.choice([k for k in range(low, high + 1) if k]))


def fraction(rng):
    return Rational(small(rng), small(rng, 1, 12))


def surd(rng):
    return small(rng, -5, 5) * sqrt(small(rng, 2, 30))


def rational(rng):
    product = sympy.Mul(fraction(rng), fraction(rng), evaluate=False)
    return sympy.Add(fraction(rng), product, evaluate=False)


def radical(rng):
    return rng.choice([
        lambda: fraction(rng) + surd(rng) + surd(rng),
        lambda: (small(rng) + surd(rng)) / (small(rng, 10, 20) + surd(rng)),
        lambda: (fraction(rng) + surd(rng)) ** 2,
        lambda: root(small(rng, 2, 60), 3) + surd(rng),
        lambda: root(small(rng, 2, 100), rng.choice([3, 4, 6])) * fraction(rng),
        lambda: surd(rng) / surd(rng),
        lambda: sqrt(fraction(rng) ** 2 + small(rng, 1, 9)),
    ])()


def nested(rng):
    p, q = small(rng, 2, 9), small(rng, 2, 9)
    inner = (sqrt(p) + sqrt(q)) ** 2
    return fraction(rng) + sqrt(sympy.expand(inner), evaluate=False)


def polynomial(rng):
    linear = lambda: small(rng) * x + small(rng) * rng.choice([y, Integer(1)])
    return rng.choice([
        lambda: linear() * linear() + small(rng),
        lambda: linear() ** rng.choice([2, 3]),
        lambda: linear() * (x ** 2 + small(rng) * x + small(rng)) + surd(rng) * x,
        lambda: fraction(rng) * x ** 2 + fraction(rng) * x * y + pi * small(rng),
        lambda: (x + small(rng)) * (a + small(rng)) * (y + small(rng)),
    ])()


def quotient(rng):
    return rng.choice([
        lambda: small(rng) / (x + small(rng)) + small(rng) / (x - small(rng, 10, 15)),
        lambda: polynomial(rng) / (x ** 2 + small(rng, 1, 9)),
        lambda: (x + small(rng)) / (y + small(rng)) - fraction(rng),
        lambda: fraction(rng) / (1 + 1 / (x + small(rng))),
    ])()


def constant(rng):
    return rng.choice([
        lambda: fraction(rng) * pi + surd(rng),
        lambda: fraction(rng) * pi ** 2 + small(rng) * pi,
        lambda: E ** small(rng, 1, 4) * fraction(rng) + pi,
        lambda: log(small(rng, 2, 20)) * small(rng) + log(small(rng, 2, 20)),
        lambda: sin(pi * Rational(small(rng, 1, 11), 12)) + fraction(rng),
        lambda: tan(pi * Rational(small(rng, 1, 5), 12)) * surd(rng),
        lambda: atan(fraction(rng)) + small(rng),
        lambda: asin(Rational(small(rng, -3, 3), 4)) + acos(Rational(1, 5)),
    ])()


def function(rng):
    k = small(rng, 2, 4)
    return rng.choice([
        lambda: sin(x) ** 2 + small(rng) * cos(x) ** 2,
        lambda: sin(k * x) + small(rng),
        lambda: cos(k * x) * fraction(rng),
        lambda: sin(x + y) * small(rng),
        lambda: tan(x) + cot(x) * small(rng),
        lambda: exp(k * x + small(rng)) * small(rng),
        lambda: sinh(x) * k + cosh(x) * small(rng),
        lambda: k ** (n + small(rng, 1, 3)) + small(rng),
        lambda: Abs(small(rng) * x) + small(rng),
        lambda: sqrt(x ** 2 + y ** 2) * k + small(rng),
    ])()


def complex_number(rng):
    z = lambda: small(rng) + small(rng) * I
    return rng.choice([
        lambda: z() * z(),
        lambda: z() / z(),
        lambda: z() ** 3 + sqrt(-small(rng, 1, 20)),
        lambda: fraction(rng) * I + surd(rng),
        lambda: exp(I * pi * Rational(small(rng), 6)) * small(rng),
    ])()


KINDS = [rational, radical, nested, polynomial, quotient, constant, function, complex_number]
FORMS = [sympy.expand, sympy.factor, sympy.together, sympy.apart, sympy.radsimp, sympy.sqrtdenest, sympy.trigsimp,
         lambda e: sympy.expand(e, trig=True), lambda e: sympy.expand(e, complex=True), lambda e: e.rewrite(exp), sympy.expand_log,
         sympy.logcombine]


def other_form(rng, expression):
    forms = list(FORMS)
    rng.shuffle(forms)
    for form in forms:
        try:
            found = form(expression)
        except Exception:
            continue
        if sympy.latex(found) != sympy.latex(expression):
            return found
    return None


def near_miss(rng, expression):
    """One number of the expression, at random, made another one."""
    numbers = [part for part in sympy.preorder_traversal(expression) if part.is_Rational and abs(part.p) < 1000 and part != -1]
    if not numbers:
        return expression + 1
    wrong = rng.choice(numbers)
    return expression.subs(wrong, rng.choice([wrong + 1, wrong - 1, -wrong, 2 * wrong, wrong + Rational(1, 10 ** 9)]))


def spelling(rng, expression):
    return sympy.latex(expression, ln_notation=True, inv_trig_style='full', mul_symbol=rng.choice([None, 'dot', 'times']),
                       fold_short_frac=rng.choice([True, False]), root_notation=rng.choice([True, True, False]))


def values(expression):
    return [expression.subs(point).evalf(60) for point in POINTS]


def are_told_apart(left, right):
    """Whether they differ at one of the points; None where one of them has no value there."""
    apart = False
    for one, other in zip(values(left), values(right)):
        if not (one.is_number and other.is_number and one.is_finite and other.is_finite):
            return None
        apart |= bool(abs(one - other) > Rational(1, 10 ** 50) * (abs(one) + abs(other)))
    return apart


def make(folder):
    rng = random.Random(5)
    pairs, seen = [], set()
    while len(pairs) < PAIRS:
        kind, wants_equal = KINDS[len(pairs) // 2 % len(KINDS)], len(pairs) % 2 == 0
        left = kind(rng)
        right = other_form(rng, left) if wants_equal else near_miss(rng, other_form(rng, left) or left)
        if right is None or left.has(sympy.zoo, sympy.nan) or right.has(sympy.zoo, sympy.nan):
            continue
        if are_told_apart(left, right) is not (not wants_equal):
            continue
        row = {'kind': kind.__name__, 'left': spelling(rng, left), 'right': spelling(rng, right), 'equal': wants_equal}
        # SymPy writes products as 3 11^{1/2} and (x) 3, and - - 2: nobody else does, and we refuse to read it.
        if any(re.search(r'\d \d|\) \d|- -', row[side]) for side in ('left', 'right')):
            continue
        if row['left'] == row['right'] or (row['left'], row['right']) in seen or max(len(row['left']), len(row['right'])) > 400:
            continue
        seen.add((row['left'], row['right']))
        pairs.append(row)
    with open(os.path.join(folder, 'mathematics.json'), 'w') as file:
        file.write('[\n' + ',\n'.join(json.dumps(row) for row in pairs) + '\n]\n')
