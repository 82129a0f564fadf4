import './report/access-section.ts'
import './report/change-report.ts'
import './report/checks-section.ts'
import './report/clean-shown.ts'
import './report/cut-markdown.ts'
import './report/edited-lines.ts'
import './report/comparison-report.ts'
import './report/own-record.ts'
import './report/plan-report.ts'
import './report/proof-section.ts'
import './report/render-answers.ts'
import './report/render-notice.ts'
import './report/waiting-section.ts'
import fc from 'fast-check'
import { fromMarkdown } from 'mdast-util-from-markdown'
import t from 'tap'
import { waiting } from '../../src/core/waiting/waiting.ts'
import { parseCommands } from '../../src/core/command/parse-commands.ts'
import type { RootDifference } from '../../src/core/proof/compare-renders.ts'
import { codeCell, codeSpan, fenced, plain, shorten, table } from '../../src/core/report/plain.ts'
import { nothingShown, renderReport, type Shown } from '../../src/core/report/render-report.ts'
import { renderStatus, reportMarker } from '../../src/core/report/render-report.ts'
import { renderNotice } from '../../src/core/report/render-notice.ts'
import { activePhases, newRun, type Phase, type Run } from '../../src/core/run/run.ts'
import { propertyRuns } from '../support/property-runs.ts'

type Node = Readonly<{ type: string; value?: string; children?: readonly Node[] }>

/** GitHub's tables are no part of plain Markdown: each cell is read for itself, split as GitHub does. */
const cellsOf = (row: string): readonly string[] => row.replace(/^\| | \|$/g, '').split(/(?<!\\)\|/)
const isRow = (line: string): boolean => /^\|.*\|$/.test(line)

const ours = /^(<br>|<details><summary>(?:The edit|\d+ checks passed)<\/summary>|<\/details>)$/
/** What in a text, as it is shown, would be active: mentions, references, links, foreign HTML. */
const activeIn = (markdown: string): readonly string[] => {
  const found: string[] = []
  const visit = ({ type, value = '', children = [] }: Node): void => {
    if (/^(link|image|definition|linkReference|imageReference|footnote.*)$/.test(type))
      found.push(type)
    if (type === 'html' && !ours.test(value.trim())) found.push(`html ${value.trim()}`)
    if (type === 'text') found.push(...(value.match(/@\w|#\d|GH-\d|:\/\/|www\.\w/gi) ?? []))
    children.forEach(visit)
  }
  const fences = /^(`{3,}).*\n[^]*?\n\1$/gm
  const outside = markdown.replace(fences, '')
  const rows = outside.split('\n').filter(isRow)
  const texts = [
    markdown
      .split('\n')
      .filter(line => !isRow(line))
      .join('\n'),
    ...rows.flatMap(cellsOf),
  ]
  for (const text of texts) visit(fromMarkdown(text))
  return found
}
const piece = fc.constantFrom(
  ...['@org/team', '@', '&#64;me', '&commat;me', '#12', 'GH-7', 'a/b#1', 'me@example.com'],
  ...['https://x.example', 'HTTP://x.example', 'ftp://x', 'www.x.example', '<https://x.example>'],
  ...['[a](https://x)', '![a](x)', '[a]: x', '<script>', '<img src=x>', '</details>'],
  ...['<!--', '-->'],
  ...[
    '|',
    '\\|',
    '\\',
    '`',
    '``',
    '```',
    '~~~',
    '*',
    '_',
    '~~',
    '\n',
    '\r\n',
    '\r',
    '\n\n',
    ' ',
    '\t',
  ],
  ...[
    '/seed abort',
    '\n/seed abort\n',
    '# h',
    '> q',
    '- l',
    '1. l',
    '---',
    '    code',
    '&lt;',
    'x',
  ],
)
const nasty = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))

const run: Run = {
  ...newRun(
    {
      key: 'pull-request:7',
      cluster: 'sno1',
      image: 'quay.io/ibu/sno1:4.18.5',
      repository: 'org/ztp',
      pullRequest: 7,
      by: 'someone',
      headSha: '0'.repeat(40),
    },
    '2026-11-22T10:00:00.000Z',
  ),
}
const difference: RootDifference = {
  path: 'site',
  isStatic: false,
  removed: ['g/ClusterInstance/sno1/sno1'],
  removedClusters: ['sno1'],
  owned: [],
  prunedTooEarly: [],
  added: [],
  changed: [],
  orderKept: true,
  left: 3,
}

const aReport = fc
  .record({
    phase: fc.constantFrom<Phase>(...activePhases, 'Completed', 'Failed', 'Cancelled'),
    text: fc.infiniteStream(nasty),
  })
  .map(({ phase, text }) => {
    const next = (): string => String(text.next().value)
    const reported: Run = {
      ...run,
      phase,
      outcome: phase === 'Completed' ? 'Completed' : null,
      attempt: 2,
      request: { ...run.request, cluster: next(), image: next(), by: next() },
      blocked: { code: 'INTERNAL', reason: next(), fix: next(), since: run.since },
      facts: {
        ...run.facts,
        lastMessage: next(),
        digest: next(),
        mergedAs: next(),
        generatorAs: next(),
      },
    }
    const shown: Shown = {
      checks: [{ id: next(), level: 'warn', status: 'fail', reason: next(), fix: next() }],
      roots: [
        {
          ...difference,
          path: next(),
          removed: [next(), next()],
          added: [next()],
          changed: [next()],
        },
      ],
      refusal: next(),
      kustomize: next(),
      diff: next(),
      secret: { state: 'Verified', fix: next() },
      tree: waiting(next(), 'stuck', { why: next(), next: next() }),
    }
    return { reported, shown, values: [reported.facts.lastMessage, shown.refusal] }
  })

t.test('hole 20: no value makes a mention, a reference, a link or HTML in a report', t => {
  fc.assert(
    fc.property(aReport, ({ reported, shown }) => {
      const notice = renderNotice(reported)?.body ?? ''
      const active = activeIn(`${renderReport(reported, shown)}\n\n${notice}`)
      if (active.length) throw new Error(active.join('; '))
    }),
    { numRuns: propertyRuns(250) },
  )
  t.strictSame(activeIn('a @b'), ['@b'], 'the test does find mentions')
  t.strictSame(activeIn('a &#64;b'), ['@b'], 'also as entities')
  t.strictSame(activeIn('| a | <b> |\n[x](y)'), ['link', 'html <b>'], 'and links and HTML')
  t.end()
})

t.test('no value makes a command of a line in a report', t => {
  fc.assert(
    fc.property(
      aReport,
      ({ reported, shown }) =>
        parseCommands(`${reportMarker(reported)}\n${renderReport(reported, shown)}`).length === 0 &&
        parseCommands(renderNotice(reported)?.body ?? '').length === 0,
    ),
    { numRuns: propertyRuns(300) },
  )
  t.match(parseCommands(plain('/seed abort')), [{ verb: 'unknown' }])
  t.match(parseCommands(plain('\n/seed abort\n')), [{ verb: 'unknown' }])
  t.end()
})

t.test('no value adds a cell or a row to a table', t => {
  fc.assert(
    fc.property(aReport, ({ reported, shown }) => {
      const report = renderReport(reported, { ...shown, diff: null })
      const widths = report
        .split('\n')
        .filter(isRow)
        .map(row => cellsOf(row).length)
      return String(widths) === '2,2,2,2,2,2,2,2,4,4,4,5,5,5'
    }),
    { numRuns: propertyRuns(300) },
  )
  t.end()
})

t.test('a report is never longer than GitHub takes', t => {
  const long = (length: number): string => '<é'.repeat(length / 2)
  for (const length of [10, 5_000, 100_000]) {
    const text = renderReport(
      {
        ...run,
        blocked: { code: 'INTERNAL', reason: long(length), fix: long(4000), since: run.since },
        facts: { ...run.facts, lastMessage: `${long(length)}|` },
      },
      {
        checks: [{ id: 'a', level: 'block', status: 'fail', reason: long(length), fix: '' }],
        roots: [{ ...difference, removed: Array<string>(50).fill(long(length)) }],
        refusal: long(length),
        kustomize: 'kustomize 5',
        diff: long(length),
        secret: { state: 'Unsealed', fix: long(length) },
        tree: waiting(long(length), 'stuck'),
      },
    )
    t.ok(Buffer.byteLength(text) <= 60_000, `${length}: ${Buffer.byteLength(text)} bytes`)
    t.match(text, /^### Seed image of `sno1`: Requested\n/)
    t.match(text, /Commands: `\/seed status`/)
    t.equal(/too long to be shown/.test(text), length > 10)
    const last = fromMarkdown(text).children.at(-1)
    t.equal(last?.type, 'paragraph', 'the last line is in no fence')
  }
  t.end()
})

t.test('equal runs give equal texts, and the marker belongs to the run', t => {
  const copy = JSON.parse(JSON.stringify(run)) as Run
  t.equal(renderReport(copy, { ...nothingShown }), renderReport(run, nothingShown))
  t.equal(reportMarker(run), '<!-- sower:run sno1 -->')
  t.notOk(renderReport(run, nothingShown).includes('<!--'), 'the text itself has no marker')
  t.end()
})

t.test('a report shows where the run is, what was found and what to do', t => {
  const proposed: Run = { ...run, phase: 'Proposed' }
  t.matchSnapshot(
    renderReport(proposed, {
      checks: [
        {
          id: 'git.proof',
          level: 'block',
          status: 'pass',
          reason: 'exactly this leaves',
          fix: '',
        },
        {
          id: 'hub.a',
          level: 'block',
          status: 'fail',
          reason: 'not True: A_b',
          fix: 'run `oc get a_b`',
        },
        {
          id: 'hub.b',
          level: 'warn',
          status: 'unknown',
          reason: 'no answer: timeout',
          fix: 'nothing',
        },
      ],
      roots: [
        difference,
        { ...difference, path: 'other', removed: Array.from({ length: 22 }, (_, i) => `o${i}`) },
      ],
      refusal: null,
      kustomize: 'kustomize v5.5.0',
      diff: '-  - sno1.yaml\n+  #- sno1.yaml\n',
      secret: { state: 'Verified', fix: 'ready for a run' },
      tree: waiting('detach of sno1', 'stuck', {
        parts: [
          waiting('ClusterInstance', 'gone'),
          waiting('ManagedCluster sno1', 'stuck', { why: 'held', next: 'oc describe it' }),
        ],
      }),
    }),
    'Proposed',
  )
  const blocked: Run = {
    ...run,
    phase: 'Verifying',
    attempt: 2,
    facts: {
      ...run.facts,
      mergedAs: 'a'.repeat(40),
      ...{ generatorAs: 'b'.repeat(40), recordMergeIn: 9 },
      lastMessage: 'a | b',
    },
    blocked: {
      code: 'IMAGE_NOT_PROVEN',
      reason: 'the image is not in the registry',
      fix: 'read `podman logs lca_image_builder` on the seed, then comment `/seed retry`',
      since: run.since,
    },
  }
  t.matchSnapshot(renderReport(blocked, nothingShown), 'blocked')
  const completed: Run = {
    ...run,
    phase: 'Completed',
    outcome: 'Completed',
    facts: { ...run.facts, digest: 'sha256:a' },
  }
  t.matchSnapshot(renderReport(completed, nothingShown), 'Completed')
  for (const phase of ['Failed', 'Cancelled'] as const)
    t.match(
      renderReport(
        { ...run, phase, outcome: phase },
        { ...nothingShown, roots: [difference], refusal: 'no' },
      ),
      /\*\*Proof\*\* \(\): no\./,
    )
  t.end()
})

t.test('a status is at most 140 characters of well-formed text', t => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), reason => {
      const { description, state } = renderStatus({
        ...run,
        blocked: { code: 'HEAD_MOVED', reason, fix: '', since: run.since },
      })
      const whole = `HEAD_MOVED: ${reason}`
      return (
        state === 'failure' &&
        description.length <= 140 &&
        !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/.test(description) &&
        (whole.length <= 140 ? description === whole : /…$/.test(description))
      )
    }),
  )
  t.end()
})

t.test('the status is green where nothing stops the merge, and then only at the end', t => {
  const merged = { ...run.facts, mergedAs: 'a'.repeat(40) }
  const blocked = { code: 'HEAD_MOVED', reason: 'r', fix: '', since: run.since } as const
  const cases: readonly (readonly [Partial<Run>, string])[] = [
    [{ phase: 'Requested' }, 'pending'],
    [{ phase: 'Proposed' }, 'success'],
    [{ phase: 'Proposed', blocked }, 'failure'],
    [{ phase: 'Detaching', facts: merged }, 'pending'],
    [{ phase: 'Generating', facts: merged, blocked }, 'failure'],
    [{ phase: 'Completed', facts: merged }, 'success'],
    [{ phase: 'Failed', facts: merged }, 'failure'],
    [{ phase: 'Cancelled' }, 'failure'],
  ]
  for (const [change, state] of cases) {
    const status = renderStatus({ ...run, ...change })
    t.equal(status.state, state, JSON.stringify(change))
    t.notMatch(status.description, /[*`]/)
    t.ok(status.description.length <= 140)
  }
  t.end()
})

t.test('code spans, fences and tables hold whatever they are given', t => {
  fc.assert(
    fc.property(nasty, value => {
      const [paragraph] = fromMarkdown(`x ${codeSpan(value)} y`).children as readonly Node[]
      const wanted = value.replace(/\s+/g, ' ').trim()
      const code = paragraph!.children!.filter(({ type }) => type === 'inlineCode')
      const block = fromMarkdown(`${fenced('diff', value)}\n\nend`).children as readonly Node[]
      return (
        (wanted === '' ? code.length === 0 : code.length === 1 && code[0]!.value === wanted) &&
        block.length === 2 &&
        block[0]!.type === 'code'
      )
    }),
    { numRuns: propertyRuns(250) },
  )
  t.equal(codeCell('a|b'), '`a&#124;b`')
  t.equal(table(['a', 'b'], [['1', '2']]), '| a | b |\n| --- | --- |\n| 1 | 2 |')
  t.strictSame([shorten('abc', 3), shorten('abcd', 3)], ['abc', 'ab…'])
  t.equal(shorten('a🌱bc', 3), 'a…')
  t.end()
})

t.test('a sentence reads as it was written, with its code', t => {
  const cases: readonly (readonly [string, string])[] = [
    ['press Sync, select `a_b` | only', 'press Sync, select `a_b` &#124; only'],
    ['`x|y` and `', '`x&#124;y` and &#96;'],
    ['a  b\n c', 'a b c'],
    ['ask @me, #1', 'ask @&#8203;me, #&#8203;1'],
    ['https://x www.y', 'https:&#8203;//x www&#8203;.y'],
  ]
  for (const [text, wanted] of cases) t.equal(plain(text), wanted)
  t.end()
})
