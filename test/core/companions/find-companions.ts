import t from 'tap'
import { findCompanions } from '../../../src/core/companions/find-companions.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const object = (kind: string, name: string, namespace = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\n`
const companionsIn = (files: Files) => {
  const view = memoryTree(files)
  const walks = [view.walk('site')]
  return findCompanions(view, { walks, source: 'site/sno1.yaml', namespace: 'sno1' }).map(
    ({ object, key, line, source, isAlone }) =>
      `${object} by ${key}:${line} from ${source ?? 'a generator'}${isAlone ? '' : ', not alone'}`,
  )
}

t.test('companions are what is in the namespace, that namespace, and generators for it', t => {
  const files = {
    'site/kustomization.yaml': `${listing('sno1.yaml', 'ns.yaml', 'mixed.yaml', 'other.yaml')}secretGenerator:\n  - {name: bmc, namespace: sno1}\n  - {name: a, namespace: a}\n  - text\nconfigMapGenerator:\n  - {name: extra, namespace: sno1}\npatches:\n  - path: p.yaml\n`,
    'site/sno1.yaml': clusterInstance('sno1') + '---\n' + object('Secret', 'own', 'sno1'),
    'site/ns.yaml': object('Namespace', 'sno1'),
    'site/mixed.yaml': `${object('Secret', 'pull', 'sno1')}---\n${object('Secret', 'b', 'site')}`,
    'site/other.yaml': clusterInstance('sno2').replace('namespace: sno2', 'namespace: sno1'),
  }
  t.strictSame(
    companionsIn(files),
    [
      '/Namespace//sno1 by resources:3 from site/ns.yaml',
      '/Secret/sno1/pull by resources:4 from site/mixed.yaml, not alone',
      '/Secret/sno1/bmc by secretGenerator:7 from a generator',
      '/ConfigMap/sno1/extra by configMapGenerator:11 from a generator',
    ].sort((a, b) => companionsIn(files).indexOf(a) - companionsIn(files).indexOf(b)),
  )
  t.end()
})

t.test('the outermost kustomization says in which namespace an object is', t => {
  const leaf = (namespace: string): Files => ({
    'site/leaf/kustomization.yaml': `namespace: ${namespace}\n${listing('a.yaml')}`,
    'site/leaf/a.yaml': object('ConfigMap', 'a', 'b'),
  })
  const within = (text: string): string => `${text}${listing('leaf')}`
  const found = ['/ConfigMap/sno1/a by resources:3 from site/leaf/a.yaml']
  for (const [what, files, companions] of [
    ['none above', { 'site/kustomization.yaml': within(''), ...leaf('sno1') }, found],
    [
      'the same above',
      { 'site/kustomization.yaml': within('namespace: sno1\n'), ...leaf('c') },
      found,
    ],
    ['another above', { 'site/kustomization.yaml': within('namespace: c\n'), ...leaf('sno1') }, []],
  ] as const)
    t.strictSame(companionsIn(files), companions, what)
  t.end()
})
