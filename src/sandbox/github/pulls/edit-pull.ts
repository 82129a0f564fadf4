import { z } from 'zod'
import type { Account } from '../account.ts'
import { checkText } from '../routes/check-text.ts'
import type { Host } from '../host.ts'
import type { PullRequest } from '../github-state.ts'
import { refusePointless } from './open-pull.ts'
import { followedRef } from './create-fork.ts'
import { closePull, emitPull, headRef, recordEvent } from './close-pull.ts'
import { parseBody, validationFailed } from '../refusal.ts'

const Edit = z.object({
  title: z.string().optional(),
  body: z.string().nullish(),
  base: z.string().optional(),
  state: z.enum(['open', 'closed']).optional(),
})

type From = Record<string, unknown>

const reopen = async (host: Host, pull: PullRequest, by: Account): Promise<void> => {
  const refuse = (reason: string): never => {
    throw validationFailed({
      resource: 'PullRequest',
      code: 'invalid',
      field: 'state',
      message: `state cannot be changed. ${reason}`,
    })
  }
  if (pull.merged) refuse('The pull request cannot be reopened.')
  const head = await host.repository.resolve(followedRef(pull.head))
  const base = await host.repository.resolve(`refs/heads/${pull.base.branch}`)
  if (head === null) return refuse(`The ${pull.head.branch} branch has been deleted.`)
  if (base === null) return refuse(`The ${pull.base.branch} branch has been deleted.`)
  const sides = {
    head: { ...pull.head, sha: head },
    base: { branch: pull.base.branch, sha: base },
  }
  await refusePointless(host, sides, pull)
  await host.repository.run(['update-ref', headRef(pull.number), head])
  Object.assign(pull, { ...sides, state: 'open', closedAt: null, closedBy: null })
  recordEvent(host, { number: pull.number, actor: by, event: 'reopened' })
  host.tell('github', `${by.login} reopened pull request #${pull.number}`, { number: pull.number })
  await emitPull(host, pull, { action: 'reopened', by })
}

/** Changes title, body, base or state, as a PATCH of the pull request or of its issue asks. */
export const editPull = async (
  host: Host,
  pull: PullRequest,
  edit: Readonly<{ by: Account; body: unknown }>,
): Promise<void> => {
  const { by } = edit
  const { title, body, base, state } = parseBody(Edit, edit.body ?? {})
  const changes: From = {}
  if (title !== undefined && title !== pull.title) {
    checkText('PullRequest', 'title', title, 256)
    changes['title'] = { from: pull.title }
    recordEvent(host, { number: pull.number, actor: by, event: 'renamed' })
    pull.title = title
  }
  if (body !== undefined && body !== pull.body) {
    if (body) checkText('PullRequest', 'body', body)
    changes['body'] = { from: pull.body ?? '' }
    pull.body = body
  }
  if (base !== undefined && base !== pull.base.branch) {
    const sha = await host.repository.resolve(`refs/heads/${base}`)
    if (sha === null)
      throw validationFailed({ resource: 'PullRequest', field: 'base', code: 'invalid' })
    await refusePointless(host, { head: pull.head, base: { branch: base, sha } }, pull)
    changes['base'] = { ref: { from: pull.base.branch }, sha: { from: pull.base.sha } }
    pull.base = { branch: base, sha }
    pull.tested = null
  }
  if (Object.keys(changes).length > 0) {
    pull.updatedAt = host.now()
    await emitPull(host, pull, { action: 'edited', by, changes })
  }
  if (state === undefined || state === pull.state) return
  if (state === 'closed') await closePull(host, pull, by)
  else await reopen(host, pull, by)
}
