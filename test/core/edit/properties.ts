import posix from 'node:path/posix'
import fc from 'fast-check'
import t from 'tap'
import { parseAllDocuments } from 'yaml'
import { listOf } from '../../../src/core/kustomization/parse-kustomization.ts'
import { compareRenders } from '../../../src/core/proof/compare-renders.ts'
import { removeItem, repairNull } from '../../../src/core/edit/remove-item.ts'
import { type Edit } from '../../../src/core/edit/edit.ts'
import { type EditMode } from '../../../src/core/edit/edit.ts'
import { restoreItem } from '../../../src/core/edit/restore-item.ts'
import { RefusedError } from '../../../src/errors.ts'
import { aKustomization, type Written } from '../../support/edit/edit-arbitraries.ts'
import { clusterOf, modes, placesIn, read, renderAll } from '../../support/edit/edit-cases.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** What a run gives, or the refusal that it throws; any other error goes through. */
const refusalOr = <T>(run: () => T): T | RefusedError => {
  try {
    return run()
  } catch (error) {
    if (error instanceof RefusedError) return error
    throw error
  }
}

/** All fields, as another reader than ours sees them. */
const fieldsOf = (text: string): Record<string, unknown> =>
  parseAllDocuments(text, { uniqueKeys: false })[0]!.toJS() as Record<string, unknown>
// The blank lines below a block scalar may be a part of it, and then stay when it goes.
const valuesIn = (text: string, key: string): string[] =>
  (fieldsOf(text)[key] as string[]).map(value => posix.normalize(value.trimEnd()))
const besideOf = (text: string, key: string): unknown => ({ ...fieldsOf(text), [key]: null })

const removeAt = ({ text, key }: Written, index: number, mode: EditMode): Edit =>
  removeItem(read(text), { key, index, mode })
const restored = (text: string, { key, hunk }: Edit): string =>
  restoreItem(read(text), { key, hunk: hunk! })

/** Fails with the names of the conditions that do not hold. */
const holds = (conditions: Readonly<Record<string, boolean>>): void => {
  const wrong = Object.keys(conditions).filter(name => conditions[name] !== true)
  if (wrong.length > 0) throw new Error(wrong.join('; '))
}

const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Whether the old lines that are not touched all stand in the new text, in their order, to the byte. */
const keepsLines = (old: string, { text, touchedLines }: Edit): boolean => {
  const lines = text.split('\n')
  let at = 0
  return old.split('\n').every((line, index) => {
    if (touchedLines.includes(index + 1)) return true
    at = lines.indexOf(line, at) + 1
    // Where the last line went, the one before it keeps its line break.
    return at > 0
  })
}

const aPlace = fc.record({
  written: aKustomization,
  at: fc.nat(),
  mode: fc.constantFrom(...modes),
})

t.test('whatever the file, only the touched lines differ and only the entry is gone', t => {
  let [edits, refusals] = [0, 0]
  fc.assert(
    fc.property(aPlace, ({ written, at, mode }) => {
      const { text, key } = written
      // A deeper comment below a block scalar is a part of it.
      const values = valuesIn(text, key)
      const index = at % values.length
      const edit = refusalOr(() => removeAt(written, index, mode))
      edits += 1
      if (edit instanceof RefusedError) {
        refusals += 1
        // Commenting out never depends on what stands around the entry.
        holds({ [edit.message]: mode === 'delete' && edit.code === 'EDIT_NOT_PROVEN' })
        return
      }
      const isComment = edit.style !== 'flow' && edit.style !== 'deleted'
      const [old, now] = [text.split('\n'), edit.text.split('\n')]
      holds({
        'the list is the old one less the entry': isEqual(
          valuesIn(edit.text, key),
          values.filter((_, other) => other !== index),
        ),
        'every other field is equal': isEqual(besideOf(text, key), besideOf(edit.text, key)),
        'emptied says so': edit.emptied === (values.length === 1),
        'the other lines are the same bytes': keepsLines(text, edit),
        'a comment takes no line': !isComment || old.length === now.length,
        'a comment takes no character': old.every(
          (line, at) => !isComment || line.length <= now[at]!.length,
        ),
        'putting it back gives the same bytes': restored(edit.text, edit) === text,
      })
    }),
    { numRuns: propertyRuns(1500) },
  )
  t.comment(`${refusals} of ${edits} refused`)
  t.ok(refusals < edits / 20, 'few are refused')
  t.end()
})

const aSequence = fc.record({
  written: aKustomization,
  mode: fc.constantFrom(...modes),
  picks: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
  order: fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
})

t.test('several entries come back in any order, in reverse to the byte', t => {
  let [sequences, refusals] = [0, 0]
  fc.assert(
    fc.property(aSequence, ({ written, mode, picks, order }) => {
      const { key } = written
      const steps: { edit: Edit; before: string; value: unknown }[] = []
      let { text } = written
      for (const pick of picks) {
        const list = listOf(read(text), key)!
        if (list.items.length === 0) break
        const item = list.items[pick % list.items.length]!
        const edit = refusalOr(() => removeAt({ ...written, text }, item.index, mode))
        if (edit instanceof RefusedError) continue
        steps.push({ edit, before: text, value: posix.normalize(String(item.value).trimEnd()) })
        ;({ text } = edit)
      }
      let back = text
      for (const { edit, before } of [...steps].reverse()) {
        back = restored(back, edit)
        holds({ 'in reverse, each step is to the byte': back === before })
      }

      const shuffled = steps
        .map((step, at) => ({ step, rank: order[at]! }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ step }) => step)
      back = text
      sequences += 1
      for (const { edit, value } of shuffled) {
        const was = valuesIn(back, key)
        const next = refusalOr(() => restored(back, edit))
        if (next instanceof RefusedError) {
          refusals += 1
          holds({ [next.message]: edit.style === 'flow' || mode === 'delete' })
          continue
        }
        const now = valuesIn(next, key)
        holds({ 'exactly the entry is back': isEqual([...was, value].sort(), [...now].sort()) })
        back = next
      }
      const isCommented = steps.every(({ edit }) => edit.style !== 'flow' && mode === 'comment')
      holds({ 'commented lines come back to the byte': !isCommented || back === written.text })
    }),
    { numRuns: propertyRuns(500) },
  )
  t.comment(`${refusals} refused in ${sequences} sequences`)
  t.ok(refusals < sequences / 20, 'few are refused')
  t.end()
})

const noise = fc.constantFrom(
  ...['\n', ' ', '  ', '#', '-', '- ', ':', ': ', ',', '[', ']', '{', '}', '"', "'", '|', '>', '?'],
  ...['&a ', '*a', '!', '!!str ', '%', '@', '`', '\t', '\r', '\u2028', '\uFEFF', '\\', '~', '<<: '],
  ...[
    '---\n',
    '...\n',
    'a',
    '\u00a0',
    'ſ',
    '  #- ',
    '|-\n',
    '>+\n',
    'yes',
    '0o1',
    '\u0000',
    '\uD83C',
  ],
)
const spoilt = fc
  .record({
    written: aKustomization,
    inserts: fc.array(fc.tuple(fc.nat(), noise, fc.nat(2)), { minLength: 1, maxLength: 3 }),
  })
  .map(({ written, inserts }) =>
    inserts.reduce((text, [at, piece, gone]) => {
      const place = at % (text.length + 1)
      return text.slice(0, place) + piece + text.slice(place + gone)
    }, written.text),
  )

t.test('a file in any state is edited or refused, and never anything else', t => {
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.string({ unit: noise })), text => {
      const kustomization = refusalOr(() => read(text))
      if (kustomization instanceof RefusedError) return
      for (const { key } of kustomization.lists) refusalOr(() => repairNull(kustomization, key))
      for (const mode of modes)
        for (const place of placesIn(kustomization)) {
          const edit = refusalOr(() => removeItem(kustomization, { ...place, mode }))
          if (edit instanceof RefusedError) continue
          holds({ 'it comes back to the byte': restored(edit.text, edit) === text })
        }
    }),
    { numRuns: propertyRuns(1500) },
  )
  t.end()
})

t.test('kustomize sees exactly the entry leave', async t => {
  const isBuildable = ({ written: { text, key, values } }: { written: Written }): boolean =>
    key === 'resources' &&
    isEqual(
      listOf(read(text), key)!.items.map(({ value }) => posix.normalize(String(value))),
      values,
    )
  const samples = fc
    .sample(aPlace.filter(isBuildable), 60)
    .flatMap(({ written, at, mode }, number) => {
      const index = at % written.values.length
      const edit = refusalOr(() => removeAt(written, index, mode))
      const name = `site-${number}`
      const file = { name, entries: written.values }
      return edit instanceof RefusedError
        ? []
        : [
            {
              file,
              before: written.text,
              after: edit.text,
              gone: clusterOf(name, written.values[index]),
            },
          ]
    })
  const render = (when: 'before' | 'after'): Promise<string> =>
    renderAll(
      t,
      samples.map(({ file, ...texts }) => ({ ...file, text: texts[when] })),
    )
  const difference = compareRenders(await render('before'), await render('after'))
  t.ok(samples.length > 50, 'the samples are there')
  t.same([...difference.removedClusters].sort(), samples.map(({ gone }) => gone).sort())
  t.match(difference, { added: [], changed: [], orderKept: true })
})
