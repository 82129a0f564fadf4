import t from 'tap'
import { affectedBy } from '../../../src/core/proof/affected-by.ts'

const root = (path: string, removed: readonly string[], left: number) => ({
  ...{
    path,
    isStatic: false,
    removed,
    removedClusters: [],
    owned: [],
    prunedTooEarly: [],
    added: [],
    changed: [],
  },
  ...{ orderKept: true, left },
})

t.test('an edit affects the roots that lose something, and leaves least in the smallest', t => {
  t.strictSame(affectedBy({ roots: [] }), { paths: [], left: null })
  t.strictSame(affectedBy({ roots: [root('a', [], 3)] }), { paths: [], left: null })
  const roots = [root('a', ['x'], 3), root('b', [], 0), root('c', ['x'], 1)]
  t.strictSame(affectedBy({ roots }), { paths: ['a', 'c'], left: 1 })
  t.end()
})
