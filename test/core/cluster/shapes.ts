import fc from 'fast-check'
import t from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { liveEntries, suspectEntries } from '../../../src/core/cluster/find-cluster.ts'
import { RefusedError } from '../../../src/errors.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { kustomizePlaces } from '../../support/run-sower.ts'
import { clusterInstance, listing, memoryTree } from '../../support/memory-tree.ts'
import { propertyRuns } from '../../support/property-runs.ts'

type Change = (text: string, cluster: string) => string

/** Ways in which a name may stand there. */
const name = fc.constantFrom<Change[]>(
  ...[
    (text: string) => text,
    (text: string, cluster: string) => text.replace(`Name: ${cluster}`, `Name: "${cluster}"#c`),
    (text: string, cluster: string) => text.replace(`Name: ${cluster}`, `Name: >-\n    ${cluster}`),
    (text: string, cluster: string) => text.replace(`Name: ${cluster}`, `Name: !!str ${cluster}`),
    (text: string, cluster: string) => text.replace(`Name: ${cluster}`, `Name: !x '${cluster}'`),
    (text: string, cluster: string) =>
      text.replace(`Name: ${cluster}`, `Name: !!binary ${Buffer.from(cluster).toString('base64')}`),
    (text: string, cluster: string) =>
      text.replace(
        `Name: ${cluster}`,
        `Name: "\\x${cluster.charCodeAt(0).toString(16)}${cluster.slice(1)}"`,
      ),
    (text: string, cluster: string) => text.replace(`Name: ${cluster}`, `Name:\n    ${cluster}`),
    (text: string, cluster: string) =>
      text
        .replace(`name: ${cluster}`, `name: &n ${cluster}`)
        .replace(`Name: ${cluster}`, 'Name: *n'),
    (text: string, cluster: string) =>
      text.replace(`clusterName: ${cluster}`, `<<: &s {clusterName: ${cluster}}`),
    (text: string, cluster: string) =>
      text.replace(`  clusterName: ${cluster}`, `  ? clusterName\n  : ${cluster}`),
  ],
)
/** What may stand beside it, and hinder a reader. */
const beside = fc.constantFrom<Change[]>(
  ...[
    (text: string) => text,
    (text: string) => text.replace('spec:\n', 'spec:\n  key: "a\nb"\n'),
    (text: string) => text.replace('spec:\n', 'spec:\n  key: [\n1\n]\n'),
    (text: string) => text.replace('spec:\n', 'spec:\n  key: {\n\ta: b}\n'),
    (text: string) => text.replace('spec:\n', 'spec: # \u2028\n'),
    (text: string) => text.replace('kind: ClusterInstance', 'kind: "Cluster\\u0049nstance"'),
    (text: string) => text.replace('spec:\n', 'spec: !!map\n'),
  ],
)
/** The file around it. */
const around = fc.constantFrom<Change[]>(
  ...[
    (text: string) => text,
    (text: string) => `\uFEFF${text}`,
    (text: string) => text.replaceAll('\n', '\r\n'),
    (text: string) => text.replaceAll('\n', '\r'),
    (text: string) =>
      `apiVersion: v1\nkind: List\nitems:\n- ${text.replaceAll(/\n(?=.)/g, '\n  ')}`,
    (text: string) =>
      `apiVersion: v1\nkind: AnyList\nitems:\n- ${text.replaceAll(/\n(?=.)/g, '\n  ')}`,
    (text: string, cluster: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-${cluster}}\n--- # c\n${text}`,
    (text: string, cluster: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m-${cluster}}\n...\n---\n${text}`,
    (text: string) => `# c\n---\n---\n${text}...\n`,
  ],
)

t.test('whatever shape a file has, no cluster that kustomize renders is overlooked', async t => {
  const aText = fc.record({ name, beside, around })
  const all = fc.sample(aText, propertyRuns(120)).map(({ name, beside, around }, at) => {
    const cluster = `k${at}`
    const text = around(beside(name(clusterInstance(cluster), cluster), cluster), cluster)
    return { cluster, text }
  })
  let left = all
  // What kustomize refuses, it renders nowhere.
  for (let tries = 0; tries < 12; tries += 1) {
    const files = Object.fromEntries([
      ['kustomization.yaml', listing(...left.map(({ cluster }) => `${cluster}.yaml`))],
      ...left.map(({ cluster, text }) => [`${cluster}.yaml`, text] as const),
    ])
    try {
      const kustomize = kustomizeCli(kustomizePlaces, { timeLimit: 60 })
      const render = await kustomize.build(directoryWith(t, files))
      const rendered = left.filter(({ cluster }) =>
        new RegExp(
          `clusterName: (?:!\\S+ )?["']?(?:${cluster}|${Buffer.from(cluster).toString('base64')})["']?$`,
          'm',
        ).test(render),
      )
      t.comment(`${all.length} texts, ${rendered.length} of them rendered`)
      t.ok(rendered.length > all.length / 2)
      const overlooked = rendered.filter(({ cluster, text }) => {
        // Each in a tree of its own: a text with escapes may name any cluster, and is read for each.
        const file = `${cluster}.yaml`
        const view = memoryTree({ 'kustomization.yaml': listing(file), [file]: text })
        const request = { cluster, roots: ['.'] }
        return liveEntries(view, request).length + suspectEntries(view, request).length === 0
      })
      t.strictSame(overlooked, [])
      return
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      const [, cluster] = /\b(k\d+)(?:\.yaml)?\b/.exec(error.message) ?? []
      t.comment(
        `${error.message}: ${JSON.stringify(left.find(one => one.cluster === cluster)?.text)}`,
      )
      if (cluster === undefined) throw error
      left = left.filter(one => one.cluster !== cluster)
    }
  }
  t.fail('kustomize refuses many of them')
})
