import t from 'tap'
import { mergeGroups } from '../../../src/adapters/github/changes/merge-groups.ts'
import type { RepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { FailedError } from '../../../src/errors.ts'

const [main, one, two, three] = ['0', '1', '2', '3'].map(digit => digit.repeat(40))
const refOf = (name: string, sha = '') => ({ ref: `refs/heads/${name}`, object: { sha } })
const answering = (given: unknown): Pick<RepositoryApi, 'ask'> => ({
  ask: async (_, shape) => ({ got: 'value', value: shape.parse(given) }),
})

t.test('a group on top of others merges their pull requests too', async t => {
  const queue = 'gh-readonly-queue/release/4.18/pr-'
  const found = await mergeGroups(
    answering([
      refOf(`${queue}9-${two}`, three),
      refOf(`${queue}7-${main}`, one),
      refOf(`${queue}8-${one}`, two),
      refOf(`${queue}x-${one}`, two),
      refOf(`gh-readonly-queue/main/pr-1-${main}`, one),
    ]),
    'release/4.18',
  )
  t.strictSame(
    found.map(({ headSha, pullRequests }) => [headSha, pullRequests]),
    [
      [three, [7, 8, 9]],
      [one, [7]],
      [two, [7, 8]],
    ],
  )
})

t.test('groups that name one another end, and a server without the list has none', async t => {
  const queue = 'gh-readonly-queue/main/pr-'
  const round = [refOf(`${queue}1-${two}`, one), refOf(`${queue}2-${one}`, two)]
  t.strictSame(
    (await mergeGroups(answering(round), 'main')).map(({ pullRequests }) => pullRequests),
    [
      [2, 1],
      [1, 2],
    ],
  )
  const error = new FailedError('GITHUB_FAILED', 'no')
  t.strictSame(await mergeGroups({ ask: async () => ({ got: 'missing', error }) }, 'main'), [])
  await t.rejects(mergeGroups({ ask: async () => ({ got: 'refused', error }) }, 'main'), error)
})
