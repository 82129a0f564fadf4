import fc from 'fast-check'
import t from 'tap'
import { kustomizationText } from '../../../src/core/kustomization/kustomization-in.ts'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { RefusedError } from '../../../src/errors.ts'
import { clusterOf, renderAll } from '../../support/edit/edit-cases.ts'
import { memoryTree } from '../../support/memory-tree.ts'
import { propertyRuns } from '../../support/property-runs.ts'

const files = ['a.yaml', 'b.yaml', 'c.yaml', 'd.yaml']
const base64 = (text: string): string => Buffer.from(text).toString('base64')

const key = fc.constantFrom(
  ...['resources:', '"resources":', "'resources' :", 'Resources:', '? resources\n:'],
  ...['"r\\u0065sources":', '!!str resources:', '&key resources:', '? "resources"\n# c\n:'],
)
const entry = fc.constantFrom<((file: string) => string)[]>(
  ...[(file: string) => file, (file: string) => `"./${file}"`, (file: string) => `'${file}'`],
  ...[(file: string) => `&x${file.slice(0, 1)} ${file}`, (file: string) => `!!str ${file}`],
  ...[(file: string) => `"\\x${file.charCodeAt(0).toString(16)}.yaml"`],
  ...[(file: string) => `.//${file}`, (file: string) => `"../@/${file}"`],
  ...[(file: string) => `!!binary ${base64(file)}`, (file: string) => `!x ${file}`],
  ...[(file: string) => `!!bin%61ry ${base64(file)}`],
  ...[(file: string) => `"${file.slice(0, 1)}\\\n     ${file.slice(1)}"`],
)
const block = fc.constantFrom<((item: string) => string)[]>(
  ...[
    (item: string) => `- ${item}`,
    (item: string) => `-   ${item} # c`,
    (item: string) => `-\n  ${item}`,
  ],
  ...[(item: string) => `- # c\n  ${item}`, (item: string) => `# - d.yaml\n- ${item}`],
)
const flow = fc.constantFrom<((items: readonly string[]) => string)[]>(
  ...[(items: readonly string[]) => ` [${items.join(', ')}]`],
  ...[(items: readonly string[]) => ` [\n  ${items.join(',\n\t')},\n  ]`],
  ...[(items: readonly string[]) => ` [\n${items.join(' ,# c\n')}\n]`],
)
const around = fc.constantFrom<((text: string) => string)[]>(
  ...[
    (text: string) => text,
    (text: string) => `\uFEFF${text}`,
    (text: string) => `---\n${text}...\n`,
  ],
  ...[
    (text: string) => text.replaceAll('\n', '\r\n'),
    (text: string) => `{kind: Kustomization}\n---\n${text}`,
  ],
  ...[(text: string) => `${text}...\n# c\n`, (text: string) => `${text}---\nresources: [d.yaml]\n`],
  ...[
    (text: string) => `%YAML 1.1\n---\n${text}`,
    (text: string) => `${text}resources: [d.yaml]\n`,
  ],
  ...[(text: string) => `${text}RESOURCES: [d.yaml]\n`, (text: string) => `# \u0085${text}`],
  ...[
    (text: string) => `commonAnnotations: {note: &n d.yaml}\n${text}`,
    (text: string) => `${text}\t\n`,
  ],
  ...[
    (text: string) => `<<: {resources: [d.yaml]}\n${text}`,
    (text: string) => `${text}bases: []\n`,
  ],
)
const aText = fc
  .record({
    ...{ key, block, flow, isFlow: fc.boolean() },
    around: fc.oneof({ weight: 2, arbitrary: fc.constant((text: string) => text) }, around),
    picked: fc.shuffledSubarray(files.slice(0, 3), { minLength: 1 }),
    forms: fc.array(entry, { minLength: 3, maxLength: 3 }),
  })
  .map(({ key, block, flow, around, isFlow, picked, forms }) => {
    const items = picked.map((file, at) => forms[at]!(file))
    return around(`${key}${isFlow ? flow(items) : `\n${items.map(block).join('\n')}`}\n`)
  })

/** What Sower reads; null where it refuses. */
const readBySower = (text: string): readonly string[] | null => {
  try {
    const view = memoryTree({ 'kustomization.yaml': text })
    const { lists } = parseKustomization(
      'kustomization.yaml',
      kustomizationText(view, 'kustomization.yaml'),
    )
    return lists
      .flatMap(({ entries }) => entries.map(({ value }) => value.replace(/^.*\//, '')))
      .sort()
  } catch (error) {
    if (error instanceof RefusedError) return null
    throw error
  }
}

t.test(
  'whatever shape a kustomization has, Sower reads what kustomize does, or refuses it',
  async t => {
    const texts = fc
      .sample(aText, propertyRuns(120))
      .map((text, at) => ({ name: `k${at}`, text: text.replaceAll('@', `k${at}`) }))
    const read = texts.flatMap(({ name, text }) => {
      const entries = readBySower(text)
      return entries ? [{ name, text, entries }] : []
    })
    t.comment(`${texts.length} texts, ${read.length} of them read`)
    let left = read
    // What kustomize refuses, Argo CD takes nothing out for.
    for (let tries = 0; tries < 8; tries += 1)
      try {
        const render = await renderAll(
          t,
          left.map(({ name, text }) => ({ name, text, entries: files })),
        )
        for (const { name, text, entries } of left) {
          const rendered = files.filter(file =>
            render.includes(`clusterName: ${clusterOf(name, file)}\n`),
          )
          t.strictSame(rendered, entries, JSON.stringify(text))
        }
        t.ok(left.length > read.length / 2, 'most are read by both')
        return
      } catch (error) {
        if (!(error instanceof RefusedError)) throw error
        const [, name] = /\b(k\d+)\b/.exec(error.message) ?? []
        t.comment(`${error.message}: ${JSON.stringify(left.find(one => one.name === name)?.text)}`)
        if (name === undefined) throw error
        left = left.filter(one => one.name !== name)
      }
    t.fail('kustomize refuses many of what Sower reads')
  },
)
