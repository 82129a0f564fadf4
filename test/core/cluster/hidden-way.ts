import t from 'tap'
import { findCluster, type FoundCluster } from '../../../src/core/cluster/find-cluster.ts'
import { hiddenWay } from '../../../src/core/cluster/opaque/hidden-way.ts'
import { clusterInstance, listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const find = (files: Files, roots: readonly string[] = ['site']): FoundCluster =>
  findCluster(memoryTree(files), { cluster: 'sno1', roots })

t.test('refuses a cluster that another root may reach in a way that no proof would render', t => {
  const files = {
    'site/kustomization.yaml': listing('sno1.yaml', 'sno2.yaml'),
    'site/sno1.yaml': clusterInstance('sno1'),
    'site/sno2.yaml': clusterInstance('sno2'),
    'other/kustomization.yaml': listing('a.yaml', 'link'),
    'other/a.yaml': '',
  }
  const roots = ['site', 'other']
  for (const link of ['../site', '../site/', '../over', '../site/sno1.yaml', '../file'])
    t.throws(
      () =>
        find(
          {
            ...files,
            'other/link': { link },
            'over/kustomization.yaml': listing('../site'),
            'file/kustomization.yaml': listing('../site/sno1.yaml'),
          },
          roots,
        ),
      {
        code: 'ENTRY_SYMLINK',
        message: /^reading other\/kustomization\.yaml:3: link is a symbolic/,
      },
      link,
    )
  for (const link of ['../site/sno2.yaml', 'a.yaml', '../none', '../../site', '/site', 'link'])
    t.match(find({ ...files, 'other/link': { link } }, roots).warnings, [{ code: 'ENTRY_SYMLINK' }])
  const outside = { ...files, 'other/kustomization.yaml': listing('../../link') }
  t.match(find(outside, roots).warnings, [{ code: 'ENTRY_OUTSIDE' }])
  // Where nobody can tell where a link leads, it may lead anywhere.
  const seeing = memoryTree({ ...files, 'other/link': { link: 'a.yaml' } })
  const { reach, walk, paths, entry, size, read, list } = seeing
  const blind = { reach, walk, paths, entry, size, read, list }
  t.throws(() => findCluster(blind, { cluster: 'sno1', roots }), { code: 'ENTRY_SYMLINK' })
  const { kustomization, source, walks } = findCluster(seeing, { cluster: 'sno1', roots })
  t.equal(hiddenWay(seeing, { cluster: 'sno1', walks, kustomization, source }), undefined)

  const unread = 'resources: [../site]\n---\nfoo: bar\n'
  const cannotRead = {
    code: 'KUSTOMIZATION_UNREADABLE',
    message:
      'looking for cluster sno1: other/kustomization.yaml names it or lists it, too, and Sower cannot read that file as kustomize does, so no proof would hold for what it renders',
    fix: 'correct other/kustomization.yaml, or delete it if nothing renders it',
  }
  t.throws(() => find({ ...files, 'other/kustomization.yaml': unread }), cannotRead)
  const linked = { 'other/kustomization.yaml': { link: 'k.yaml' }, 'other/k.yaml': unread }
  t.throws(() => find({ ...files, ...linked }), cannotRead)
  for (const link of ['gone.yaml', '../../k.yaml'])
    t.equal(find({ ...files, 'other/kustomization.yaml': { link } }).source, 'site/sno1.yaml')
  const unrelated = { ...files, 'other/kustomization.yaml': unread.replace('site', 'base') }
  t.equal(find(unrelated).source, 'site/sno1.yaml')
  t.end()
})
