import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { kustomizeCli } from '../../../src/adapters/kustomize/kustomize-cli.ts'
import { parseKustomization } from '../../../src/core/kustomization/parse-kustomization.ts'
import { compareRenders } from '../../../src/core/proof/compare-renders.ts'
import { directoryWith } from '../../support/directory-with.ts'
import { kustomizeBinaries } from '../../support/kustomize-binaries.ts'
import { clusterInstance } from '../../support/memory-tree.ts'
import { kustomizePlaces } from '../../support/run-sower.ts'

const fixtures = new URL('../../fixtures/kustomization/', import.meta.url)
const cases = readdirSync(fixtures)
const golden = (name: string, when: 'before' | 'after'): string =>
  readFileSync(new URL(`${name}/${when}.yaml`, fixtures), 'utf8')
const clusterOf = (name: string, entry: string): string =>
  `${name}-${entry.replace(/^\.\//, '').replace(/\W/g, '-')}`

const entriesOf = (name: string): readonly string[] =>
  parseKustomization(name, golden(name, 'before')).lists.flatMap(({ entries }) =>
    entries.map(({ value }) => value),
  )

/** All golden pairs under two roots, with a ClusterInstance for each entry, and a plugin for generators. */
const directory = directoryWith(t, {
  ...Object.fromEntries<string>(
    (['before', 'after'] as const).flatMap((when): readonly (readonly [string, string])[] => [
      [`${when}/kustomization.yaml`, `resources:\n${cases.map(name => `- ${name}\n`).join('')}`],
      ...cases.flatMap((name): readonly (readonly [string, string])[] => [
        [`${when}/${name}/kustomization.yaml`, golden(name, when)],
        ...entriesOf(name).map(
          entry => [`${when}/${name}/${entry}`, clusterInstance(clusterOf(name, entry))] as const,
        ),
      ]),
    ]),
  ),
  // Gives what it is configured with.
  'plugins/siteconfig.open-cluster-management.io/v1alpha1/clusterinstance/ClusterInstance':
    '#!/bin/sh\nwhile IFS= read -r line; do echo "$line"; done <"$1"\n',
  'null/kustomization.yaml': 'resources:\n# - seed.yaml\n',
})
const entries = cases.flatMap(entriesOf)

const versions = new Set<string>()
for (const [name, file] of Object.entries(kustomizeBinaries)) {
  const skip = file === null && `${name} is not on this machine`
  t.test(`${name} renders every edited file as before less the seed`, { skip }, async t => {
    const kustomize = kustomizeCli(
      { ...kustomizePlaces, configured: file ?? '' },
      { timeLimit: 60, plugins: join(directory, 'plugins') },
    )
    const version = await kustomize.version()
    t.comment(version)
    versions.add(version.replace(/.* v/, ''))
    const [before, after] = await Promise.all([
      kustomize.build(join(directory, 'before'), { path: 'before' }),
      kustomize.build(join(directory, 'after'), { path: 'after' }),
    ])
    const { removedClusters, added, changed, orderKept, left } = compareRenders(before, after)
    t.ok(cases.length > 20, 'the golden pairs are there')
    t.same(
      [...removedClusters].sort(),
      cases.map(pair => clusterOf(pair, 'seed.yaml')).sort(),
      'exactly the seed of each pair has left',
    )
    t.same(
      { added, changed, orderKept, left },
      { added: [], changed: [], orderKept: true, left: entries.length - cases.length },
    )

    const nullList = kustomize.build(join(directory, 'null'), { path: 'null' })
    if (/ v(?:4\.|5\.0\.[0-3]$)/.test(version))
      t.equal(await nullList, '', 'a null list is accepted')
    else
      await t.rejects(nullList, {
        code: 'RENDER_EMPTY_LIST',
        message: 'rendering null: kustomization.yaml is empty',
      })
  })
}

t.test('the versions are different ones', t => {
  t.not(versions.size, 0)
  if (versions.size < 3) t.comment(`only ${versions.size} of the versions are on this machine`)
  t.end()
})
