import './output/create-progress.ts'
import './output/print-plan.ts'
import { EventEmitter } from 'node:events'
import t from 'tap'
import { cleanOutput, unexpected } from '../../src/cli/output/clean-output.ts'
import { describeError, describeOnOneLine } from '../../src/cli/output/describe-error.ts'
import { printPlan } from '../../src/cli/output/print-plan.ts'
import { paint } from '../../src/cli/output/paint.ts'
import { printAs, printNext } from '../../src/cli/output/print-as.ts'
import {
  describeCompanion,
  describePatches,
  describeProof,
  notProven,
} from '../../src/cli/output/describe-proof.ts'
import type { Companion } from '../../src/core/companions/find-companions.ts'
import type { Dependent } from '../../src/core/detach/find-dependents.ts'
import { planDetach } from '../../src/core/detach/plan-detach.ts'
import type { Proof } from '../../src/core/proof/proof.ts'
import { emptyReport } from '../../src/core/report/plan-report.ts'
import { FailedError, RefusedError } from '../../src/errors.ts'
import { createRedactor } from '../../src/redact/redactor.ts'
import { fakeClone } from '../support/fake-clone.ts'
import { flatList } from '../support/repository-with.ts'

/** A process that says and ends nothing, and what it would have. */
const startOutput = (writes: (text: string) => void = () => undefined) => {
  const said = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof said) =>
    Object.assign(new EventEmitter(), {
      write: (text: string) => {
        if (name === 'stdout') writes(text)
        said[name] += text
      },
    })
  const exits: number[] = []
  const process = Object.assign(new EventEmitter(), {
    ...{ stdout: stream('stdout'), stderr: stream('stderr'), exitCode: undefined },
    exit: (code: number) => exits.push(code),
  })
  const redactor = createRedactor()
  redactor.add('canary-word')
  const output = cleanOutput(process as unknown as NodeJS.Process, redactor)
  return { said, exits, process, ...output }
}
const failing = (code: string) => () => {
  throw Object.assign(new Error('no'), { code })
}

t.test('no stream shows a registered value, also when it comes in pieces', t => {
  const { said, process, print, report } = startOutput()
  print('a cana')
  print('ry-word b')
  report('c canary-')
  report('word d\n')
  print(' and cana')
  process.emit('exit')
  t.strictSame(said, { stdout: 'a [redacted] b and cana', stderr: 'c [redacted] d\n' })
  t.equal(process.exitCode, undefined)
  t.end()
})

t.test('what Node says by itself goes the same way', t => {
  const { said, exits, process } = startOutput()
  process.emit('warning', { name: 'Deprecated', message: 'do not use canary-word' })
  process.emit('uncaughtException', new TypeError('canary-word is not a function'))
  process.emit('exit')
  t.match(
    said.stderr,
    'sower: Deprecated: do not use [redacted]\nsower: an unexpected error: TypeErr',
  )
  t.notMatch(said.stderr, 'canary')
  t.strictSame(exits, [1])
  t.end()
})

t.test('output that cannot be written is told of once, and a closed pipe not at all', t => {
  for (const [code, says] of [
    ['ENOSPC', /^sower: writing to standard output: ENOSPC \[OUTPUT_UNWRITABLE\]\n {7}\S.*\n$/],
    ['EPIPE', /^$/],
  ] as const) {
    const { said, process, print } = startOutput(failing(code))
    print('one')
    print('two')
    process.stdout.emit('error', Object.assign(new Error('no'), { code }))
    process.emit('exit')
    t.match(said.stderr, says)
    t.match([said.stdout, process.exitCode], [/^$/, 2])
  }
  const { process } = startOutput(failing('EPIPE'))
  process.stderr.emit('error', new Error('nobody reads'))
  process.stdout.emit('error', new Error('nobody reads'))
  Object.assign(process, { exitCode: 3 })
  process.emit('exit')
  t.equal(process.exitCode, 3, 'why it ended before counts more')
  t.end()
})

t.test('an error is one message with its code, and what to do below it or behind it', t => {
  const refusal = new RefusedError('NOT_A_SEED', 'detaching a\u001b[31m: no,\n  never', {
    fix: 'ask\nsomebody',
  })
  t.equal(
    describeError(refusal),
    'sower: detaching a\\u{1b}[31m: no,\\u{a}  never [NOT_A_SEED]\n       ask\\u{a}somebody\n',
  )
  t.equal(
    describeOnOneLine(refusal),
    'sower: detaching a\\u{1b}[31m: no, never; ask somebody [NOT_A_SEED]\n',
  )
  const bare = new FailedError('GIT_FAILED', 'pushing: no')
  t.equal(describeError(bare), 'sower: pushing: no [GIT_FAILED]\n')
  t.equal(describeOnOneLine(bare), describeError(bare))
  t.end()
})

t.test('what nobody expected shows where it happened, and its last line asks for a report', t => {
  const mistake = new TypeError('x is undefined')
  t.match(describeError(mistake), /^sower: an unexpected error: TypeError: x is undefined\n +at /)
  t.equal(describeError('a text'), 'sower: an unexpected error: a text\n')
  t.equal(unexpected(undefined), 'sower: an unexpected error: undefined\n')
  const lines = describeOnOneLine(mistake).trimEnd().split('\n')
  t.match(lines.at(-1), /^sower: this is a mistake in Sower; .* \[INTERNAL\]$/)
  t.ok(lines.length > 2, 'below the stack')
  t.end()
})

const root: Proof['roots'][number] = {
  ...{
    path: 'site',
    isStatic: false,
    removed: ['a'],
    removedClusters: ['sno1'],
    owned: [],
    prunedTooEarly: [],
    added: [],
  },
  ...{ changed: [], orderKept: true, left: 2 },
}
const proof: Proof = { roots: [root], refusal: null, isStatic: false, kustomize: 'v5' }

t.test('a proof is described with paths as people see them, and behind an earlier one', async t => {
  const { clone } = await fakeClone(flatList())
  const below = { ...clone, shown: (path: string) => `./${path}` }
  const first = describeProof(below, proof)
  const shown = { path: './site', removed: ['a'], added: [], changed: [], left: 2 }
  t.strictSame(first, { proof: 'rendered', kustomize: 'v5', roots: [shown] })
  const second = { ...proof, isStatic: true, kustomize: 'v6' }
  const before = { ...emptyReport('sno1'), ...first }
  t.strictSame(describeProof(below, second, before), {
    ...{ proof: 'static', kustomize: 'v6', roots: [shown, shown] },
  })
  const after = { ...before, ...describeProof(below, second) }
  t.equal(describeProof(below, proof, after).proof, 'static', 'one such step is enough')
})

t.test(
  'patches are described by what becomes of them, and companions by whether they go',
  async t => {
    const { clone } = await fakeClone({
      ...flatList('patches:\n  - path: p.yaml\n'),
      'site/p.yaml': 'kind: X\n',
    })
    const plan = planDetach(clone.checkout.tree, {
      cluster: 'sno1',
      roots: ['site'],
      mode: 'comment',
    })
    const { kustomization } = plan.found
    const dead = { kustomization, key: 'patches', line: 9 } as Dependent
    const edited = { ...plan.edit, path: 'site/x.yaml', key: 'patches', line: 5 }
    t.strictSame(describePatches(clone, { ...plan, dependents: [edited], deadPatches: [dead] }), [
      { file: 'site/x.yaml', key: 'patches', line: 5, action: 'edited' },
      { file: 'site/kustomization.yaml', key: 'patches', line: 9, action: 'matches-nothing' },
    ])
    const companion: Companion = {
      ...{ object: '/Secret/sno1/bmc', kustomization, key: 'resources', index: 2, line: 4 },
      ...{ source: 'site/bmc.yaml', isAlone: true },
    }
    const { object, key, line } = companion
    const shown = { object, file: 'site/kustomization.yaml', key, line }
    for (const [isAlone, isRemoved, expected] of [
      [true, true, { removable: true, leaves: true }],
      [true, false, { removable: true, leaves: false }],
      [false, true, { removable: false, leaves: false }],
    ] as const)
      t.strictSame(describeCompanion(clone, { ...companion, isAlone }, isRemoved), {
        ...shown,
        ...expected,
      })
  },
)

t.test('a proof that does not hold is refused, and one by files says how to render', t => {
  const way = { activity: 'proving the edit', fix: 'edit by hand' }
  const refused = { ...proof, refusal: 'it would lose more' }
  t.match(notProven(refused, way), {
    ...{ name: 'RefusedError', code: 'PROOF_REFUSED', fix: /^edit by hand$/ },
    message: /^proving the edit: it would lose more$/,
  })
  t.match(notProven({ ...refused, isStatic: true }, way), {
    code: 'PROOF_STATIC',
    fix: /SOWER_KUSTOMIZE_PLUGIN_HOME .*--accept-static-proof, or edit by hand$/,
  })
  t.end()
})

t.test('a result is printed as it is asked for, and what is the same stands twice', t => {
  const same = { b: 'x'.repeat(100) }
  const document = { a: [1], c: same, d: same }
  const text = (): string => 'words\n'
  for (const form of ['text', 'wide', 'markdown', 'github'] as const)
    t.equal(printAs(form, document, text), 'words\n', form)
  t.equal(printAs('json', { a: [1] }, text), '{\n  "a": [\n    1\n  ]\n}\n')
  t.equal(
    printAs('yaml', document, text),
    `a:\n  - 1\nc:\n  b: ${same.b}\nd:\n  b: ${same.b}\n`,
    'without anchors and folded lines',
  )
  t.equal(printNext('json', document), `${JSON.stringify(document)}\n`)
  t.equal(printNext('yaml', { a: [1] }), '---\na:\n  - 1\n')
  t.end()
})

t.test('colours change nothing but the marks and a diff', t => {
  const coloured = (colour: number, text: string): string => `\u001B[${colour}m${text}\u001B[0m`
  t.equal(
    paint.marks('✓ a ✓ b\n    ✗ c\n✗ d\n!e\n'),
    `${coloured(32, '✓')} a ✓ b\n    ✗ c\n${coloured(31, '✗')} d\n!e\n`,
  )
  t.equal(
    paint.diff('diff --git a/b a/b\n--- a/b\n+++ a/b\n@@ -1 +1 @@ x\n a\n-- b\n+#- b\n'),
    `${[coloured(1, 'diff --git a/b a/b'), coloured(1, '--- a/b'), coloured(1, '+++ a/b'), `${coloured(36, '@@ -1 +1 @@')} x`].join('\n')}\n a\n${coloured(31, '-- b')}\n${coloured(32, '+#- b')}\n`,
  )
  const report = { ...emptyReport('sno1'), diffs: ['-- b\n'] }
  t.match(printPlan(report, Infinity, true), coloured(31, '-- b'))
  t.notMatch(printPlan(report), '\u001B')
  t.end()
})
