import t from 'tap'
import { staticDifference } from '../../../src/core/proof/static-difference.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../../support/memory-tree.ts'

const configMap = (name: string, value = 'a'): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: site}\ndata: {key: ${value}}\n`
const before: Files = {
  'site/kustomization.yaml': `namePrefix: p-\npatches:\n- path: p.yaml\n${listing('sno1.yaml', 'a.yaml', 'leaf')}`,
  'site/sno1.yaml': clusterInstance('sno1'),
  'site/a.yaml': configMap('a') + '---\n' + configMap('b'),
  'site/p.yaml': 'a: b\n',
  'site/leaf/kustomization.yaml': `${listing('c.yaml')}configMapGenerator:\n- name: d\n  files: [key=d.txt]\n`,
  'site/leaf/c.yaml': configMap('c'),
  'site/leaf/d.txt': 'd',
  'elsewhere/kustomization.yaml': listing('gone'),
}
const same = {
  ...{ removed: [], removedClusters: [], added: [], changed: [], orderKept: true },
  left: 5,
}
const differ = (change: Files, of: Files = before) =>
  staticDifference({ before: memoryTree(of), after: memoryTree({ ...of, ...change }) }, 'site')
const site = (text: string) => ({ 'site/kustomization.yaml': text })
const head = 'namePrefix: p-\npatches:\n- path: p.yaml\n'

t.test('tells what a root loses, gains or has otherwise by its files alone', t => {
  for (const [what, change, difference] of [
    ['nothing', {}, same],
    [
      'the cluster',
      site(`${head}resources:\n  #- sno1.yaml\n  - a.yaml\n  - leaf\n`),
      {
        ...same,
        removed: ['siteconfig.open-cluster-management.io/ClusterInstance/sno1/sno1'],
        removedClusters: ['sno1'],
        left: 4,
      },
    ],
    [
      'a directory with its generator',
      site(head + listing('sno1.yaml', 'a.yaml')),
      {
        ...same,
        removed: ['/ConfigMap/site/c'],
        changed: ['site/leaf/kustomization.yaml'],
        left: 3,
      },
    ],
    [
      'a file more',
      {
        ...site(head + listing('sno1.yaml', 'a.yaml', 'leaf', 'e.yaml')),
        'site/e.yaml': configMap('e'),
      },
      { ...same, added: ['site/e.yaml'], left: 6 },
    ],
    [
      'another content',
      { 'site/leaf/c.yaml': configMap('c', 'b') },
      { ...same, changed: ['site/leaf/c.yaml'] },
    ],
    [
      'another patch',
      { 'site/p.yaml': 'a: c\n' },
      { ...same, changed: ['site/kustomization.yaml'] },
    ],
    [
      'a source outside',
      site(`${head}- path: ../../p.yaml\n${listing('sno1.yaml', 'a.yaml', 'leaf')}`),
      { ...same, changed: ['site/kustomization.yaml'] },
    ],
    [
      'another source',
      { 'site/leaf/d.txt': 'e' },
      { ...same, changed: ['site/leaf/kustomization.yaml'] },
    ],
    [
      'another field',
      site(head.replace('p-', 'q-') + listing('sno1.yaml', 'a.yaml', 'leaf')),
      { ...same, changed: ['site/kustomization.yaml'] },
    ],
    [
      'another order',
      site(head + listing('a.yaml', 'sno1.yaml', 'leaf')),
      { ...same, orderKept: false },
    ],
    ['what the root does not reach', { 'elsewhere/kustomization.yaml': listing('x') }, same],
  ] as const)
    t.strictSame(
      { ...differ(change), prunedTooEarly: [] },
      { ...difference, ...{ owned: [], prunedTooEarly: [] } },
      what,
    )
  t.strictSame(
    differ({ 'site/kustomization.yaml': listing('leaf') }).prunedTooEarly.every(
      identity => !identity.includes('ClusterInstance'),
    ),
    true,
    'files do not say the waves',
  )
  t.end()
})

t.test('nobody knows what leaves with a file that holds something else than objects', t => {
  const odd = { ...before, 'site/sno1.yaml': `${siteConfig('sno1', 'sno2')}---\nno: object\n` }
  t.match(differ(site(head + listing('a.yaml', 'leaf')), odd), {
    removed: ['ran.openshift.io/SiteConfig/site-1/site-1'],
    removedClusters: ['sno1', 'sno2'],
    changed: ['site/sno1.yaml'],
  })
  t.end()
})

t.test('follows no root of which something stands in the way', t => {
  t.throws(() => differ(site(head + listing('gone.yaml'))), {
    code: 'ENTRY_MISSING',
    message: /site\/kustomization\.yaml:5: gone\.yaml is not there/,
  })
  t.end()
})

t.test(
  'counts what generators and charts bring, so that nothing is left only where it is so',
  t => {
    const text =
      'generators:\n- a.yaml\nsecretGenerator:\n- name: bmc\nconfigMapGenerator:\nhelmCharts: [{name: x}, {name: y}]\n'
    const files = { ...site(text), 'site/a.yaml': siteConfig('sno1') }
    t.match(differ(site(text.replace(':\n- a.yaml', ': []')), files), {
      ...{ removed: [/SiteConfig/], left: 3 },
    })
    t.equal(
      differ(site('generators: []\n'), { ...site(listing('a.yaml')), 'site/a.yaml': '' }).left,
      0,
    )
    t.end()
  },
)
