import t from 'tap'
import { isOwnFile, wholeEntry } from '../../../src/core/companions/whole-entry.ts'
import { liveEntries } from '../../../src/core/cluster/find-cluster.ts'
import { planDetach, type ToPlan } from '../../../src/core/detach/plan-detach.ts'
import { editedFiles } from '../../../src/core/edit/remove-items.ts'
import { editsOf } from '../../../src/core/detach/plan-detach.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const object = (kind: string, name: string, namespace = ''): string =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: {name: ${name}${namespace && `, namespace: ${namespace}`}}\n`
const together = (...texts: readonly string[]): string => texts.join('---\n')
const [sno1, namespace] = [clusterInstance('sno1'), object('Namespace', 'sno1')]
const secret = object('Secret', 'bmc', 'sno1')
const all = together(namespace, secret, sno1)
const site = 'site/kustomization.yaml'

const wholeOf = (files: Files, roots: readonly string[] = ['site']) => {
  const view = memoryTree(files)
  const request = { cluster: 'sno1', roots }
  const [found] = liveEntries(view, request)
  if (!found) throw new Error('it is not listed')
  const standing = { ...request, found, walks: roots.map(view.walk) }
  const whole = wholeEntry(view, standing)
  return {
    place: whole && `${whole.kustomization.path}:${whole.entry.line}`,
    objects: whole?.objects,
    isOwn: isOwnFile(view, standing),
  }
}
const directory = (...names: readonly string[]): Files => ({
  [site]: listing('sno1', 'sno2.yaml'),
  'site/sno1/kustomization.yaml': listing(...names),
  'site/sno1/cluster.yaml': sno1,
  'site/sno1/ns.yaml': together(namespace, secret),
  'site/sno2.yaml': clusterInstance('sno2'),
})

t.test(
  'the whole entry is that of a file, or of a directory, with nothing but what is its own',
  t => {
    const objects = ['/Namespace//sno1', '/Secret/sno1/bmc']
    const cases: readonly (readonly [string, Files, object])[] = [
      [
        'a file of its own that holds all',
        { [site]: listing('a.yaml'), 'site/a.yaml': all },
        { place: `${site}:2`, objects, isOwn: true },
      ],
      [
        'a cluster that stands alone',
        { [site]: listing('a.yaml'), 'site/a.yaml': sno1 },
        { place: null, isOwn: true },
      ],
      [
        'a directory',
        directory('cluster.yaml', 'ns.yaml'),
        { place: `${site}:2`, objects, isOwn: true },
      ],
      [
        'a directory in a directory',
        {
          ...directory('deep'),
          'site/sno1/deep/kustomization.yaml': listing('../cluster.yaml', '../ns.yaml'),
        },
        { place: `${site}:2`, objects },
      ],
      [
        'a directory that holds another cluster, too',
        directory('cluster.yaml', 'ns.yaml', '../sno2.yaml'),
        { place: null, isOwn: true },
      ],
      [
        'a file with what is not its own',
        { [site]: listing('a.yaml'), 'site/a.yaml': together(all, object('Secret', 'a', 'other')) },
        { place: null, isOwn: false },
      ],
      [
        'a file with something that is no object',
        { [site]: listing('a.yaml'), 'site/a.yaml': together(all, 'text\n') },
        { place: null, isOwn: false },
      ],
      [
        'a file with two clusters',
        { [site]: listing('a.yaml'), 'site/a.yaml': together(sno1, clusterInstance('sno2')) },
        { place: null, isOwn: false },
      ],
    ]
    for (const [what, files, wanted] of cases) t.match(wholeOf(files), wanted, what)
    const twice = {
      ...directory('cluster.yaml', 'ns.yaml'),
      'two/kustomization.yaml': listing('../site/sno1'),
    }
    t.match(wholeOf(twice, ['site', 'two']), { place: null }, 'a directory that two lists name')
    t.match(
      wholeOf(directory('cluster.yaml', 'ns.yaml'), ['site', 'site/sno1']),
      { place: null },
      'a directory that is a root itself',
    )
    const inner = {
      ...directory('deep', 'ns.yaml'),
      'site/sno1/deep/kustomization.yaml': listing('../cluster.yaml'),
    }
    t.match(wholeOf(inner), { place: `${site}:2` })
    const rooted = { ...inner, 'site/sno1/kustomization.yaml': listing('deep', 'ns') }
    t.match(
      wholeOf({ ...rooted, 'site/sno1/ns/kustomization.yaml': listing('../ns.yaml') }, [
        'site',
        'site/sno1/ns',
      ]),
      { place: null },
      'a directory above a root',
    )
    t.end()
  },
)

t.test('what a ClusterInstance refers to is its own unless another file names it', t => {
  const refers = `${sno1.replace('namespace: sno1', 'namespace: sites')}  pullSecretRef: {name: pull-sno1}\n`
  const files = {
    [site]: listing('a.yaml', 'b.yaml'),
    'site/a.yaml': together(refers, object('Secret', 'pull-sno1', 'sites')),
    'site/b.yaml': clusterInstance('sno2'),
  }
  t.match(wholeOf(files), { place: `${site}:2`, objects: ['/Secret/sites/pull-sno1'] })
  const shared = `${clusterInstance('sno2')}  pullSecretRef: {name: pull-sno1}\n`
  t.match(wholeOf({ ...files, 'site/b.yaml': shared }), { place: null, isOwn: false })
  const other = together(refers, object('Secret', 'another', 'sites'))
  t.match(wholeOf({ ...files, 'site/a.yaml': other }), { place: null, isOwn: false })
  t.end()
})

t.test('a plan takes the whole entry out only where that is asked for', t => {
  const plan = (files: Files, companions?: ToPlan['companions']) =>
    planDetach(memoryTree(files), { cluster: 'sno1', roots: ['site'], mode: 'comment', companions })
  const one = { [site]: listing('a.yaml', 'other.yaml'), 'site/a.yaml': all, 'site/other.yaml': '' }
  t.throws(() => plan(one), {
    code: 'COMPANIONS_LEAVE',
    message: /site\/a.yaml also holds Namespace\/sno1, Secret\/bmc, all of it the cluster's own/,
    fix: /`sower detach sno1 --with-companions`/,
  })
  for (const companions of ['leave', 'in its file'] as const)
    t.match(plan(one, companions), { takesWhole: true, companions: [], edit: { line: 2 } })
  const files = directory('cluster.yaml', 'ns.yaml')
  const leaf = plan(files)
  t.match(leaf, { takesWhole: false, whole: { entry: { value: 'sno1' } } })
  t.equal(leaf.found.kustomization.path, 'site/sno1/kustomization.yaml')
  t.equal(leaf.companions.length, 2)
  t.match(plan(files, 'in its file'), { takesWhole: false })
  const whole = plan(files, 'leave')
  t.match(whole, { takesWhole: true, companions: [] })
  t.strictSame(editedFiles(editsOf(whole)), [
    { path: site, content: listing('sno1', 'sno2.yaml').replace('- sno1\n', '#- sno1\n') },
  ])
  const generated = {
    ...files,
    [site]: `${listing('sno1', 'sno2.yaml')}secretGenerator: [{name: a, namespace: sno1}]\n`,
  }
  t.match(plan(generated, 'leave').companions, [{ object: '/Secret/sno1/a' }])
  t.match(plan({ [site]: listing('a.yaml'), 'site/a.yaml': sno1 }, 'leave'), {
    whole: null,
    takesWhole: false,
  })
  t.end()
})

t.test('a SiteConfig of several clusters is not the own of one', t => {
  const siteConfig = (...names: readonly string[]): string =>
    `apiVersion: ran.openshift.io/v1\nkind: SiteConfig\nmetadata: {name: site, namespace: sno1}\nspec:\n  clusters:\n${names
      .map(name => `  - clusterName: ${name}\n`)
      .join('')}`
  const files = { [site]: listing('a.yaml') }
  const of = (...names: readonly string[]) =>
    wholeOf({ ...files, 'site/a.yaml': together(namespace, siteConfig(...names)) })
  t.match(of('sno1'), { place: `${site}:2`, isOwn: true })
  t.match(of('sno1', 'sno2'), { place: null, isOwn: false })
  t.end()
})
