import t from 'tap'
import { refuseEmptied } from '../../../src/core/proof/refuse-emptied.ts'
import { listing, memoryTree, type Files } from '../../support/memory-tree.ts'

const root = (removed: readonly string[], left: number, isStatic = false) => ({
  ...{ path: 'site', isStatic, removed, removedClusters: [], owned: [], prunedTooEarly: [] },
  ...{ added: [], changed: [], orderKept: true, left },
})
const refuse = (files: Files, ...roots: readonly ReturnType<typeof root>[]): void => {
  refuseEmptied(memoryTree(files), { roots }, 'sno1')
}

t.test('refuses an edit that leaves a root without objects, where nothing says so', t => {
  const beside = { 'site/kustomization.yaml': listing('notes.yaml'), 'site/notes.yaml': '# later' }
  t.throws(
    () => {
      refuse(beside, root(['x'], 1), root(['x'], 0))
    },
    {
      code: 'RENDER_EMPTY_LIST',
      message:
        'detaching sno1: the last object leaves with it, and then the render of site holds no object, and these files are listed: site/notes.yaml',
      fix: 'put the objects into them, or take them out of the lists if nothing is meant to be there; do that first',
    },
  )
  const many = Array.from({ length: 12 }, (_, at) => `n${at}.yaml`)
  const files = Object.fromEntries(many.map(name => [`site/${name}`, '']))
  t.throws(
    () => {
      refuse({ ...files, 'site/kustomization.yaml': listing(...many) }, root(['x'], 0))
    },
    {
      code: 'RENDER_EMPTY_LIST',
      message: /, site\/n9\.yaml and 2 more$/,
    },
  )
  t.throws(
    () => {
      refuse({ 'site/kustomization.yaml': 'namespace: a\n' }, root(['x'], 0))
    },
    {
      code: 'RENDER_EMPTY_LIST',
      fix: 'write `resources: []` if nothing is meant to be there; do that first',
    },
  )
  refuse(beside, root(['x'], 1), root([], 0), root(['x'], 0, true))
  refuse({ 'site/kustomization.yaml': 'resources: []\n' }, root(['x'], 0))
  t.end()
})
