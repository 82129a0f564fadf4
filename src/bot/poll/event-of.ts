import { labelKey } from '../../operations/intake/identify-label.ts'
import type { Happening } from '../../operations/ports/inbox.ts'
import { readEvent, type Event } from '../webhook/read-event.ts'

/** The repository, as a webhook would name it. */
type Named = Readonly<{ id?: number | undefined; full_name: string }>

/**
 * Reads a happening as the webhook would have been read that GitHub sends of it, so that both ways end in the same order.
 * A label is bound to no head yet. Undefined: there is nothing in it for Sower.
 */
export const eventOf = (happening: Happening, repository: Named): Event | undefined => {
  const event = readEvent(...deliveryOf(happening, repository))
  if (event?.incoming.kind !== 'label' || happening.what !== 'label') return event
  const key = labelKey(happening.pullRequest, happening.id)
  return { ...event, incoming: { ...event.incoming, key } }
}

// What it said before is not known, so all of it is new.
const changes = { body: { from: '' } }

/** The name of the event, and what of its payload is read. */
const deliveryOf = (happening: Happening, repository: Named): [name: string, payload: unknown] => {
  const { pullRequest: number, at } = happening
  const pull_request = { number, updated_at: at, head: { sha: '' } }
  switch (happening.what) {
    case 'comment': {
      const { id, by: sender, body, editedAt } = happening
      const comment = { id, body, created_at: at, updated_at: editedAt ?? at, user: sender }
      const edit = editedAt === null ? { action: 'created' } : { action: 'edited', changes }
      const issue = { number, pull_request: {} }
      return ['issue_comment', { ...edit, issue, comment, repository, sender }]
    }
    case 'review': {
      const { id, by: sender, body, state } = happening
      const review = {
        id,
        body,
        state,
        submitted_at: at,
        commit_id: happening.headSha,
        user: sender,
      }
      return [
        'pull_request_review',
        { action: 'submitted', review, pull_request, repository, sender },
      ]
    }
    case 'opened': {
      const { by: sender, body } = happening
      const head = { sha: happening.headSha }
      const opened = { ...pull_request, body, created_at: at, head }
      return ['pull_request', { action: 'opened', pull_request: opened, repository, sender }]
    }
    case 'label': {
      const { by: sender, label: name } = happening
      const label = { name }
      return ['pull_request', { action: 'labeled', label, pull_request, repository, sender }]
    }
    case 'change': {
      const sender = { login: 'github', type: 'User' }
      return ['pull_request', { action: 'edited', pull_request, repository, sender }]
    }
  }
}
