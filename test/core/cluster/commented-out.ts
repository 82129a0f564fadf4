import t, { type Test } from 'tap'
import { commentsLeadingTo } from '../../../src/core/cluster/commented-out.ts'
import { findCluster } from '../../../src/core/cluster/find-cluster.ts'
import { alreadyDetached } from '../../../src/core/detach/already-detached.ts'
import {
  clusterInstance,
  listing,
  memoryTree,
  siteConfig,
  type Files,
} from '../../support/memory-tree.ts'

const sno1 = clusterInstance('sno1')
const overlay = {
  'prod/kustomization.yaml': 'resources:\n#- ../site-a\n- ../site-b\n',
  'site-b/kustomization.yaml': listing('b.yaml'),
  'site-b/b.yaml': clusterInstance('b'),
}
const naming = {
  'site-a/kustomization.yaml':
    'resources: [../base]\npatches: [{patch: "[{op: replace, path: /spec/clusterName, value: sno1}]"}]\n',
  'base/kustomization.yaml': listing('ci.yaml'),
  'base/ci.yaml': clusterInstance('placeholder'),
}
const leaveItSo =
  'if Argo CD renders it from another place, name that under `roots` in sower.yaml; if somebody took it out, leave it so: bringing it back may reinstall the host'

const refused = (t: Test, files: Files, code: string, message: RegExp, what: string): void => {
  const view = memoryTree(files)
  const request = { cluster: 'sno1', roots: ['prod'] }
  const wanted = { name: 'RefusedError', code, message, fix: leaveItSo }
  try {
    findCluster(view, request)
    t.fail(`nothing was refused: ${what}`)
  } catch (error) {
    t.match(error, wanted, what)
    const explain = () => alreadyDetached(view, { ...request, directory: 'seeds' }, error)
    t.throws(explain, wanted, `${what}: not said to be detached`)
  }
}

t.test(
  'a commented-out line that leads to a cluster is shown, with the advice to leave it so',
  t => {
    const held =
      /; the commented-out line prod\/kustomization\.yaml:2 leads to \.\.\/site-a, and the tree behind it holds the cluster$/
    const named =
      /; named in .*; the commented-out line prod\/kustomization\.yaml:2 leads to \.\.\/site-a, and the tree behind it names the cluster$/
    const cases: readonly (readonly [string, string, Files, RegExp])[] = [
      ['a name that an overlay sets', 'CLUSTER_NOT_FOUND', naming, named],
      [
        'a name that a component sets further down',
        'CLUSTER_NOT_FOUND',
        {
          'site-a/kustomization.yaml': 'resources: [../base]\ncomponents: [../name]\n',
          'name/kustomization.yaml': 'kind: Component\npatches: [{path: patch.yaml}]\n',
          'name/patch.yaml': clusterInstance('sno1').replace('clusterName: sno1', 'x: sno1'),
        },
        named,
      ],
      ['a folder without a kustomization', 'PLAIN_DIRECTORY', { 'site-a/c/sno1.yaml': sno1 }, held],
      [
        'a kustomization that cannot be read',
        'CLUSTER_NOT_FOUND',
        { 'site-a/kustomization.yaml': 'resources: []\n- sno1.yaml\n', 'site-a/sno1.yaml': sno1 },
        held,
      ],
      [
        'a line behind it that is commented out, too',
        'CLUSTER_NOT_FOUND',
        { 'site-a/kustomization.yaml': 'resources:\n#- sno1.yaml\n', 'site-a/sno1.yaml': sno1 },
        /:2 leads to \.\.\/site-a, and .*, the commented-out line site-a\/kustomization\.yaml:2 leads to sno1\.yaml, which holds the cluster$/,
      ],
      [
        'a place that no root reaches',
        'CLUSTER_NOT_FOUND',
        {
          'prod/kustomization.yaml': listing('../site-b'),
          'lab/kustomization.yaml': 'resources:\n#- ../site-a\n',
          'site-a/kustomization.yaml': listing('sno1.yaml'),
          'site-a/sno1.yaml': sno1,
        },
        /none of the roots reaches it: prod; the commented-out line lab\/kustomization\.yaml:2 leads to \.\.\/site-a,/,
      ],
      [
        'a directory that a comment only names',
        'CLUSTER_NOT_FOUND',
        {
          'prod/kustomization.yaml': '# heading\n# ../site-a\nresources: [../site-b]\n',
          'site-a/kustomization.yaml': listing('sno1.yaml'),
          'site-a/sno1.yaml': sno1,
        },
        held,
      ],
      [
        'more lines than a message takes',
        'CLUSTER_NOT_FOUND',
        { ...naming, 'prod/kustomization.yaml': `resources:\n${'#- ../site-a\n'.repeat(20)}` },
        /names the cluster and 12 more$/,
      ],
    ]
    for (const [what, code, files, message] of cases)
      refused(t, { ...overlay, ...files }, code, message, what)
    t.end()
  },
)

t.test(
  'a line that leads elsewhere, or to what is live or is the file itself, takes nothing out',
  t => {
    const lines = (text: string, roots: readonly string[] = ['prod']): readonly number[] => {
      const view = memoryTree({ ...overlay, ...naming, 'prod/kustomization.yaml': text })
      const places = ['prod', 'site-a'].flatMap(directory => view.reach(directory).reached ?? [])
      const files = ['site-a/kustomization.yaml', 'prod/kustomization.yaml']
      return commentsLeadingTo(view, { places, files, walks: roots.map(view.walk) }).map(
        ({ line }) => line,
      )
    }
    t.strictSame(lines('resources:\n#- ../site-a\n'), [2])
    t.strictSame(
      lines('resources:\n#- ../site-a\n', ['prod', 'site-a']),
      [],
      'live in another root',
    )
    t.strictSame(lines('resources:\n- ../site-a\n#- ../site-a\n'), [], 'live beside it')
    t.strictSame(lines('resources:\n#- ../site-b\n#- ../gone\n#- ../../out\n'), [])
    t.strictSame(lines('# kustomization.yaml of sno1\n# - .\nresources: []\n', []), [])
    t.strictSame(lines('patches:\n#- ../site-a/kustomization.yaml\n', []), [2], 'a file')
    t.end()
  },
)

t.test('shows the comment of a listed file in which somebody may have taken the cluster out', t => {
  const contents: readonly (readonly [string, string, number])[] = [
    ['the file as a whole', sno1.replaceAll(/^/gm, '# '), 4],
    ['its part of a file', `${clusterInstance('sno2')}---\n${sno1.replaceAll(/^/gm, '#')}`, 13],
    ['a cluster of a site', `${siteConfig('sno2')}#  - {clusterName: sno1}\n`, 8],
    ['a word', `${clusterInstance('sno2')}# sno1 is out\n`, 9],
  ]
  for (const [what, content, line] of contents) {
    const view = memoryTree({
      'prod/kustomization.yaml': listing('a.yaml'),
      'prod/a.yaml': content,
      'prod/b.yaml': '# sno1\n',
    })
    const message = new RegExp(
      `is listed below prod; named in a comment only at prod/a\\.yaml:${line}$`,
    )
    t.throws(
      () => findCluster(view, { cluster: 'sno1', roots: ['prod'] }),
      { code: 'CLUSTER_NOT_FOUND', message, fix: leaveItSo },
      what,
    )
  }
  t.end()
})
