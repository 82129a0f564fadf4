import t from 'tap'
import { gitHub } from '../../../src/adapters/github/git-hub.ts'
import type { RepositoryApi } from '../../../src/adapters/github/repository-api.ts'
import { writeCheckRun } from '../../../src/adapters/github/write-check-run.ts'
import { FailedError } from '../../../src/errors.ts'

/** The calls that were made, each of which GitHub obeys. */
const scene = () => {
  const calls: { route: string; parameters?: object | undefined }[] = []
  const ask: RepositoryApi['ask'] = async (call, shape) => {
    calls.push(call)
    return { got: 'value', value: shape.parse({ id: 1, state: 'pending' }) }
  }
  return { calls, ask }
}
const sha = 'a'.repeat(40)
const status = {
  sha,
  state: 'failure' as const,
  description: 'sno1 leaves',
  context: 'sower/check',
}
const annotation = { path: 'clusters/kustomization.yaml', line: 3, level: 'failure' as const }

t.test('a check run is in progress or completed, with remarks on the edited lines', async t => {
  const { calls, ask } = scene()
  const message = '😀'.repeat(5_000)
  const annotations = Array.from({ length: 60 }, () => ({ ...annotation, message }))
  await writeCheckRun({ ask }, { ...status, detail: { summary: 'é'.repeat(50_000), annotations } })
  await writeCheckRun({ ask }, { ...status, state: 'pending' })
  await writeCheckRun({ ask }, { ...status, state: 'success', description: 'd'.repeat(300) })
  const [first, second, third] = calls.map(({ parameters }) => parameters)
  t.match(first, {
    ...{ name: 'sower/check', head_sha: sha, status: 'completed', conclusion: 'failure' },
    output: {
      title: 'sno1 leaves',
      annotations: [
        { path: annotation.path, start_line: 3, end_line: 3, annotation_level: 'failure' },
      ],
    },
  })
  const { output } = first as { output: { summary: string; annotations: { message: string }[] } }
  t.ok(Buffer.byteLength(output.summary) <= 60_000)
  t.equal(output.annotations.length, 50, 'as many as GitHub takes')
  t.equal(output.annotations[0]?.message, '😀'.repeat(4_000), 'cut by code point')
  t.match(second, {
    status: 'in_progress',
    conclusion: undefined,
    output: { summary: 'sno1 leaves' },
  })
  t.match(third, { conclusion: 'success', output: { title: 'd'.repeat(255) } })
})

t.test('an App writes check runs, and who has a token a commit status', async t => {
  const of = (app: boolean) => {
    const { calls, ask } = scene()
    const options = {
      ...{
        apiUrl: 'http://127.0.0.1:9',
        repository: 'acme/ztp',
        token: () => 'x',
        now: () => new Date(),
      },
      stopping: new AbortController().signal,
    }
    const asMember = { ask: () => Promise.reject(new Error('not asked')) }
    const api = {
      ...{ ask, client: { ...asMember, allowance: () => null }, owner: () => 'acme' },
      ...{ reach: asMember.ask, doubt: asMember.ask, see: asMember.ask },
    }
    const login = async (): Promise<string> => 'sower[bot]'
    return {
      calls,
      forge: gitHub({ ...options, ...(app ? { app: { login, asMember } } : {}) }, api),
    }
  }
  const [app, token] = [of(true), of(false)]
  for (const { forge } of [app, token])
    await forge.setStatus({ sha, state: 'pending', description: 'merged' })
  t.match(app.calls, [{ route: 'POST /check-runs', parameters: { name: 'sower' } }])
  t.match(token.calls, [{ route: 'POST /statuses/{sha}', parameters: { context: 'sower' } }])
})

t.test("GitHub's no is thrown", async t => {
  const error = new FailedError('GITHUB_FAILED', 'writing the check run: no')
  const ask: RepositoryApi['ask'] = async () => ({ got: 'refused', error })
  await t.rejects(writeCheckRun({ ask }, status), error)
})
