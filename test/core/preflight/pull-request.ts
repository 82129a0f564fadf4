import t from 'tap'
import { branchProblem } from '../../../src/core/preflight/git/branch-problem.ts'
import type { Check } from '../../../src/core/preflight/check.ts'
import { checkNoSeedObject } from '../../../src/core/preflight/git/check-no-seed-object.ts'
import { pullRequestProblem } from '../../../src/core/preflight/git/pull-request-problem.ts'
import { checkPush, checkTag } from '../../../src/core/preflight/registry/check-push.ts'
import { checkSecret } from '../../../src/core/preflight/registry/check-secret.ts'
import { absent, present, unknown } from '../../../src/core/seen.ts'

const cases: readonly (readonly [string, Check, Check['status'], RegExp])[] = [
  [
    'no object of a run',
    checkNoSeedObject(present([])),
    'pass',
    /^no SeedGenerator and no seedgen/,
  ],
  [
    'an object of a run',
    checkNoSeedObject(present(['seeds/sno1/a.yaml: SeedGenerator'])),
    'fail',
    /^seeds\/sno1\/a\.yaml: SeedGenerator$/,
  ],
  [
    'many objects of a run',
    checkNoSeedObject(present(Array.from({ length: 12 }, () => 'a: SeedGenerator'))),
    'fail',
    /^(?:a: SeedGenerator, ){10}and 2 more$/,
  ],
  ['commits that give no answer', checkNoSeedObject(unknown('timeout')), 'unknown', /timeout$/],
  ['objects that nobody looked for', checkNoSeedObject(absent), 'unknown', /not looked for$/],
]
t.test('objects of a run that are there before it block, and so does no answer', t => {
  for (const [what, check, status, reason] of cases) {
    t.match(check, { id: 'git.no-seed-object', level: 'block', status, reason }, what)
    t.equal(check.fix === '', status === 'pass', what)
  }
  t.end()
})

t.test('a branch is its own, or says for what else it is used', t => {
  const own = { isDefault: false, isProtected: false, baseOf: [] }
  t.equal(branchProblem(own, []), null)
  t.equal(branchProblem({ ...own, isDefault: true }, ['a']), 'it is the default branch')
  t.equal(branchProblem({ ...own, isProtected: true }, []), 'it is protected')
  t.equal(branchProblem({ ...own, baseOf: [3, 4] }, []), 'it is the base of #3, #4')
  t.equal(branchProblem(own, ['a', 'b']), 'Argo CD renders it for a, b')
  t.end()
})

t.test('a pull request is against the base, from here, and called as the repository wants', t => {
  const ours = { base: 'main', branch: 'seed/sno1', isFork: false }
  const cases = [
    [ours, undefined, null],
    [ours, 'seed/', null],
    [ours, 'sower/', 'its branch seed/sno1 does not begin with sower/'],
    [{ ...ours, base: 'prod' }, undefined, 'its base is prod'],
    [
      { ...ours, isFork: true, isHeadGone: true },
      undefined,
      'the repository of its branch is deleted',
    ],
    [{ ...ours, isFork: true }, undefined, 'its branch is in a fork, where Sower cannot write'],
  ] as const
  for (const [pullRequest, branchPrefix, problem] of cases)
    t.equal(pullRequestProblem(pullRequest, { base: 'main', branchPrefix }), problem)
  t.end()
})

t.test(
  'a credential that comes sealed with the pull request stands in for the one on the hub',
  t => {
    const [good, bad] = [{ reason: null }, { reason: 'it is for other' }]
    t.match(checkSecret(absent, good), {
      level: 'block',
      status: 'pass',
      reason: /brings it sealed/,
    })
    t.match(checkSecret(present({ reason: null }), bad), {
      status: 'fail',
      reason: 'it is for other',
    })
    for (const check of [checkPush(present(false), true), checkTag(unknown('timeout'), true)])
      t.match(check, { level: 'warn', status: 'not-asked', fix: /asked again before/ })
    t.end()
  },
)
