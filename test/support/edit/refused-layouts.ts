import { clusterInstance, listing, siteConfig } from '../memory-tree.ts'
import { configuration, flatList, object, twoClusters, type Content } from '../repository-with.ts'

/** A repository in which `sower detach sno1` refuses, and what it says of the reason and the way out. */
export type Refused = Readonly<{
  files: Content
  words?: readonly string[]
  code: string
  says: RegExp
  exitCode?: number
}>

const flat = flatList()
const sites = (kustomization: string, more: Content = {}): Content => ({
  ...twoClusters,
  'site/kustomization.yaml': kustomization,
  ...more,
})
/** Seven lists, each ten times the one before. */
const aliases = [1, 2, 3, 4, 5, 6, 7]
  .map(
    level =>
      `  b${level}: &a${level} [${Array(10)
        .fill(`*a${level - 1}`)
        .join(', ')}]\n`,
  )
  .join('')
/** An object whose name kustomize corrects in another one of the namespace. */
const referring = (cluster: string, more = ''): string =>
  `${clusterInstance(cluster).replace(`namespace: ${cluster}`, 'namespace: clusters')}${more}`

export const refusedLayouts: Readonly<Record<string, Refused>> = {
  'it is not among the seeds': {
    files: { ...flat, 'sower.yaml': configuration('site').replace('sno1', 'sno2') },
    code: 'NOT_A_SEED',
    says: /sno1 is not among its seeds \(sno2\)[^]*add it to `seeds`/,
  },
  'it is nowhere': {
    files: sites(listing('b.yaml'), { 'site/a.yaml': clusterInstance('sno3') }),
    code: 'CLUSTER_NOT_FOUND',
    says: /listed below site[^]*it is spec\.clusterName, not the file name/,
  },
  'no kustomization lists its file': {
    files: sites(listing('b.yaml')),
    code: 'CLUSTER_NOT_FOUND',
    says: /site\/a\.yaml holds it, but no kustomization below site lists it[^]*leave it so: bringing it back/,
  },
  'no configured root reaches it': {
    files: {
      ...flat,
      'sower.yaml': configuration('other'),
      'other/kustomization.yaml': 'resources: []\n',
    },
    code: 'CLUSTER_NOT_FOUND',
    says: /site\/kustomization\.yaml:2 lists that, but none of the roots[^]*add site to `roots`/,
  },
  'two files of it are live': {
    files: { ...flat, 'site/b.yaml': clusterInstance('sno1', 'other') },
    code: 'CLUSTER_AMBIGUOUS',
    says: /listed 2 times: .*:2 \(site\/a\.yaml\), .*:3 \(site\/b\.yaml\)[^]*leave one/,
  },
  'two roots have an entry each': {
    files: {
      ...flat,
      'sower.yaml': configuration('site', '.'),
      'kustomization.yaml': listing('site/a.yaml'),
    },
    code: 'ROOTS_DIFFER',
    says: /the roots site, \. list it by entries of their own[^]*that these roots share/,
  },
  'its file holds a namespace too': {
    files: {
      ...flat,
      'site/a.yaml': `${object('Namespace', 'sno1')}---\n${clusterInstance('sno1')}`,
    },
    code: 'COMPANIONS_LEAVE',
    says: /also holds Namespace\/sno1[^]*--with-companions[^]*into a file of its own/,
  },
  'its file holds the namespace of another': {
    files: {
      ...flat,
      'site/a.yaml': `${object('Namespace', 'sno9')}---\n${clusterInstance('sno1')}`,
    },
    code: 'SHARED_FILE',
    says: /also holds Namespace\/sno9[^]*into a file of its own/,
  },
  'its SiteConfig holds several clusters': {
    files: sites('generators: [a.yaml]\n', { 'site/a.yaml': siteConfig('sno1', 'sno2') }),
    code: 'SHARED_FILE',
    says: /also holds cluster sno2/,
  },
  'a Helm chart brings it': {
    files: sites('resources: []\n', {
      'site/a.yaml': clusterInstance('sno3'),
      'chart/Chart.yaml': 'apiVersion: v2\nname: sites\nversion: 1.0.0\n',
      'chart/values.yaml': 'clusters: [sno1]\n',
    }),
    code: 'HELM_RENDERED',
    says: /chart\/values\.yaml names it[^]*out of the chart by hand/,
  },
  'an ApplicationSet makes an Application of its folder': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': 'resources: []\n',
      'sites/sno1/a.yaml': clusterInstance('sno1'),
      'argocd/sites.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: sites}\nspec:\n  generators:\n    - git: {directories: [{path: sites/*}]}\n',
    },
    code: 'APPLICATION_SET',
    says: /its folder \(sites\/\*\)[^]*add a kustomization\.yaml to sites\/sno1/,
  },
  'Argo CD applies its directory as it is': {
    files: twoClusters,
    code: 'PLAIN_DIRECTORY',
    says: /file by file[^]*add a kustomization\.yaml to site /,
  },
  'it is inline YAML': {
    files: sites(`generators:\n  - |\n${clusterInstance('sno1').replace(/^(?=.)/gm, '    ')}`),
    code: 'ENTRY_INLINE',
    says: /names it in inline YAML[^]*put that YAML into a file/,
  },
  'another entry is missing': {
    files: sites(listing('a.yaml', 'c.yaml')),
    code: 'ENTRY_MISSING',
    says: /kustomization\.yaml:3: c\.yaml is not there[^]*correct the path/,
  },
  'another entry leads out of the repository': {
    files: sites(listing('a.yaml', '../../other')),
    code: 'ENTRY_OUTSIDE',
    says: /leads out of the repository[^]*of this repository only/,
  },
  'another entry would be fetched': {
    files: sites(listing('a.yaml', 'https://127.0.0.1:1/b.yaml')),
    code: 'ENTRY_REMOTE',
    says: /is fetched from elsewhere[^]*copy it into this repository/,
  },
  'a repository would be fetched': {
    files: sites(listing('a.yaml', 'github.com/example/base?ref=v1')),
    code: 'ENTRY_REMOTE',
    says: /is fetched from elsewhere/,
  },
  'another entry is a link': {
    files: sites(listing('a.yaml', 'c.yaml'), { 'site/c.yaml': { to: '/etc/hostname' } }),
    code: 'ENTRY_SYMLINK',
    says: /c\.yaml is a symbolic link[^]*list the place that the link points to/,
  },
  'a patch is a link': {
    files: { ...flatList('patches: [{path: p.yaml}]\n'), 'site/p.yaml': { to: '/etc/hostname' } },
    code: 'ENTRY_SYMLINK',
    says: /p\.yaml \(patches\[0\]\.path\) is a symbolic link/,
  },
  'the seeds are kept behind a link': {
    files: { ...flat, seeds: { to: '/elsewhere' } },
    code: 'CONFIGURATION_INVALID',
    says: /reading sower\.yaml: directory: seeds is a symlink, or lies behind one[^]*plain directory/,
    exitCode: 2,
  },
  'the configuration is a link': {
    files: { ...flat, 'sower.yaml': { to: 'other.yaml' }, 'other.yaml': configuration() },
    code: 'CONFIGURATION_INVALID',
    says: /reading sower\.yaml: it is a symlink[^]*commit a plain file/,
    exitCode: 2,
  },
  'the configuration has an unknown key': {
    files: { ...flat, 'sower.yaml': `${configuration('site')}sedes: []\n` },
    code: 'CONFIGURATION_INVALID',
    says: /reading sower\.yaml:5: sedes: [^]*docs\/configuration\.md/,
    exitCode: 2,
  },
  'the configuration is no YAML': {
    files: { ...flat, 'sower.yaml': 'seeds: [' },
    code: 'CONFIGURATION_INVALID',
    says: /reading sower\.yaml:\d+: /,
    exitCode: 2,
  },
  'a configured root leads out of the repository': {
    files: { ...flat, 'sower.yaml': configuration('../elsewhere') },
    code: 'CONFIGURATION_INVALID',
    says: /roots\.0: must be a path inside the repository/,
    exitCode: 2,
  },
  'a root is given that is not there': {
    files: flat,
    words: ['--root', 'nowhere'],
    code: 'ARGUMENT_INVALID',
    says: /--root nowhere: there is no such directory in HEAD[^]*relative to -C/,
    exitCode: 2,
  },
  'a root is given that leads out': {
    files: flat,
    words: ['--root', '../..'],
    code: 'ARGUMENT_INVALID',
    says: /no such directory in HEAD/,
    exitCode: 2,
  },
  'there are two kustomization files': {
    files: { ...flat, 'site/kustomization.yml': listing('a.yaml') },
    code: 'KUSTOMIZATION_MISSING',
    says: /several kustomization files[^]*exactly one/,
  },
  'a key stands there twice': {
    files: flatList('Resources: []\n'),
    code: 'KUSTOMIZATION_UNREADABLE',
    says: /kustomization\.yaml:4: the field Resources is there twice[^]*correct the file/,
  },
  'the kustomization is a template': {
    files: flatList('{% if x %}\n'),
    code: 'KUSTOMIZATION_UNREADABLE',
    says: /kustomization\.yaml:4: /,
  },
  'something else needs the anchor of its entry': {
    files: sites('resources:\n  - &seed a.yaml\n  - b.yaml\nnamePrefix: *seed\n'),
    code: 'EDIT_NOT_PROVEN',
    says: /kustomization\.yaml:2: [^]*edit the file by hand/,
  },
  'the entry does not begin its line': {
    files: sites('? resources\n: - a.yaml\n  - b.yaml\n'),
    code: 'EDIT_UNSUPPORTED',
    says: /editing site\/kustomization\.yaml:2: something else is before[^]*one entry a line/,
  },
  'a replacement reads from it': {
    files: flatList(
      'replacements:\n  - source: {kind: ClusterInstance, name: sno1, fieldPath: spec.clusterName}\n    targets:\n      - select: {name: sno2}\n        fieldPaths: [spec.note]\n',
    ),
    code: 'DEPENDENT_SHARED',
    says: /kustomization\.yaml:5: item 1 of replacements needs ClusterInstance\/sno1[^]*item of its own/,
  },
  'a variable of a listed directory points to it': {
    files: {
      'sower.yaml': configuration('site'),
      'site/kustomization.yaml': listing('sno1', 'b.yaml'),
      'site/b.yaml': `${clusterInstance('sno2')}  note: $(SEED)\n`,
      'site/sno1/kustomization.yaml': `${listing('a.yaml')}vars:\n  - name: SEED\n    objref: {kind: ClusterInstance, name: sno1, apiVersion: siteconfig.open-cluster-management.io/v1alpha1}\n`,
      'site/sno1/a.yaml': clusterInstance('sno1'),
    },
    code: 'DEPENDENT_SHARED',
    says: /site\/sno1\/kustomization\.yaml:4: item 1 of vars/,
  },
  'a reference of another cluster would change in silence': {
    files: sites(`namePrefix: p-\n${listing('a.yaml', 'b.yaml')}configurations: [names.yaml]\n`, {
      'site/a.yaml': referring('sno1'),
      'site/b.yaml': referring('sno2', '  peer: sno1\n'),
      'site/names.yaml':
        'nameReference:\n  - kind: ClusterInstance\n    fieldSpecs:\n      - {kind: ClusterInstance, path: spec/peer}\n',
    }),
    code: 'PROOF_REFUSED',
    says: /site would render otherwise: .*ClusterInstance\/clusters\/p-sno2[^]*by hand/,
  },
  'a generator reads the kustomization itself': {
    files: flatList('configMapGenerator:\n  - name: self\n    files: [kustomization.yaml]\n'),
    code: 'PROOF_REFUSED',
    says: /site would render more: ConfigMap\/self-/,
  },
  'a plugin is missing': {
    files: sites('generators:\n  - a.yaml\n  - b.yaml\n'),
    code: 'PROOF_STATIC',
    says: /needs a kustomize plugin[^]*--accept-static-proof, or `acceptStaticProof: true`/,
  },
  'the root does not build': {
    files: flatList('unknown: true\n'),
    code: 'RENDER_FAILED',
    says: /rendering site: .*unknown field "unknown"[^]*kustomize build/,
  },
  'another list is null': {
    files: sites(listing('a.yaml', 'other'), {
      'site/other/kustomization.yaml': 'resources:\n  #- c.yaml\n',
    }),
    code: 'RENDER_EMPTY_LIST',
    says: /rendering site: other: kustomization\.yaml is empty[^]*`resources: \[\]`/,
  },
  'another file multiplies its aliases': {
    files: {
      ...flat,
      'site/b.yaml': `${object('ConfigMap', 'b')}data:\n  a: &a0 [x, x, x, x, x, x, x, x, x, x]\n${aliases}`,
    },
    code: 'RENDER_TOO_LARGE',
    says: /more memory than a render may use[^]*aliases that multiply/,
  },
  'its record is none': {
    files: sites(listing('b.yaml'), {
      'site/a.yaml': clusterInstance('sno3'),
      'seeds/sno1/record.yaml': 'status: detached\n',
    }),
    code: 'RECORD_INVALID',
    says: /reading seeds\/sno1\/record\.yaml: [^]*from the history/,
  },
}
