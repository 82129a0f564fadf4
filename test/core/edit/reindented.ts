import t from 'tap'
import { restoreItem } from '../../../src/core/edit/restore-item.ts'
import { read, removeFrom } from '../../support/edit/edit-cases.ts'

t.test('brings a line back where the list is indented otherwise since', t => {
  const { key, hunk } = removeFrom('resources:\n- seed.yaml\n- b.yaml\n', 'comment')
  if (hunk === null) throw new Error('nothing was edited')
  const restored = (text: string): string => restoreItem(read(text), { key, hunk })
  for (const [since, expected] of [
    ['resources:\n  #- seed.yaml\n  - b.yaml\n', 'resources:\n  - seed.yaml\n  - b.yaml\n'],
    ['resources:\n#- seed.yaml\n  - b.yaml\n', 'resources:\n  - seed.yaml\n  - b.yaml\n'],
    [
      'resources:\n    - b.yaml\n    # - seed.yaml\n',
      'resources:\n    - b.yaml\n    - seed.yaml\n',
    ],
    [
      'resources:\n  - b.yaml\r\n  ## - seed.yaml\r\n',
      'resources:\n  - b.yaml\r\n  - seed.yaml\r\n',
    ],
  ])
    t.equal(restored(since ?? ''), expected)
  for (const since of [
    'resources:\n  #- seed.yaml\n  - b.yaml\n  # - seed.yaml\n',
    'resources: [b.yaml]\n  #- seed.yaml\n',
    'resources:\n  #- seed.yaml\n  - b.yaml\n  - seed.yaml\n',
  ])
    t.throws(() => restored(since), { name: 'RefusedError', fix: /indented as the other entries/ })
  t.end()
})

t.test('only a commented-out line is brought back so', t => {
  const { key, hunk } = removeFrom('resources:\n- seed.yaml\n- b.yaml\n', 'delete')
  if (hunk === null) throw new Error('nothing was edited')
  const since = 'resources:\n  # seed.yaml\n  #- seed.yaml\n  - c.yaml\n'
  t.throws(() => restoreItem(read(since), { key, hunk }), { name: 'RefusedError' })
  t.end()
})
