import { z } from 'zod'
import { findPull } from '../pulls/find-pull.ts'
import type { Account } from '../account.ts'
import type { Host } from '../host.ts'
import type { Label, PullRequest } from '../github-state.ts'
import { labelShape } from '../shapes/label-shape.ts'
import { emitPull, recordEvent } from '../pulls/close-pull.ts'
import { notFound, parseBody, requireTriage, requireWrite, validationFailed } from '../refusal.ts'
import type { Answer, Route } from '../route.ts'

const Name = z.union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
const Names = z.union([z.array(Name), z.object({ labels: z.array(Name).default([]) })])
const NewLabel = z.object({
  name: z.string().min(1),
  color: z
    .string()
    .regex(/^[0-9a-f]{6}$/i)
    .default('ededed'),
  description: z.string().max(100).nullish(),
})

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()

const ensureLabel = (host: Host, label: Omit<Label, 'id'>): Label => {
  const known = host.state.labels.get(label.name.toLowerCase())
  if (known) return known
  const created = { id: host.nextId(), ...label }
  host.state.labels.set(label.name.toLowerCase(), created)
  return created
}

const changeLabels = async (
  host: Host,
  pull: PullRequest,
  change: Readonly<{ by: Account; wanted: readonly string[] }>,
): Promise<Answer> => {
  const { by, wanted } = change
  if (wanted.some(name => name.trim() === '' || name.length > 50))
    throw validationFailed({ resource: 'Label', code: 'invalid', field: 'name' })
  // Someone who may label may also bring a label into being by using it.
  const names = wanted.map(
    name => ensureLabel(host, { name, color: 'ededed', description: null }).name,
  )
  const announce = async (action: 'labeled' | 'unlabeled', label: string): Promise<void> => {
    pull.updatedAt = host.now()
    recordEvent(host, { number: pull.number, actor: by, event: action, label })
    const verb = action === 'labeled' ? 'labelled' : 'unlabelled'
    const details = { number: pull.number, label }
    host.tell('github', `${by.login} ${verb} pull request #${pull.number}: ${label}`, details)
    await emitPull(host, pull, { action, by, label: labelShape(host, label) })
  }
  for (const old of pull.labels.filter(label => !names.some(name => isSame(name, label)))) {
    pull.labels = pull.labels.filter(label => label !== old)
    await announce('unlabeled', old)
  }
  for (const name of names) {
    if (pull.labels.includes(name)) continue
    pull.labels = [...pull.labels, name]
    await announce('labeled', name)
  }
  return { status: 200, body: pull.labels.map(label => labelShape(host, label)) }
}

/** Labels of the repository and of its pull requests. */
export const labelRoutes = (host: Host): readonly Route[] => {
  const namesOf = (body: unknown): readonly string[] => {
    const names = parseBody(Names, body ?? {})
    return Array.isArray(names) ? names : names.labels
  }
  return [
    {
      method: 'GET',
      path: '/repo/labels',
      handle: () => ({
        status: 200,
        list: [...host.state.labels.values()].map(label => labelShape(host, label.name)),
      }),
    },
    {
      method: 'POST',
      path: '/repo/labels',
      handle: ({ account, body }) => {
        requireWrite(account)
        const { name, color, description = null } = parseBody(NewLabel, body)
        if (host.state.labels.has(name.toLowerCase()))
          throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' })
        ensureLabel(host, { name, color, description })
        return { status: 201, body: labelShape(host, name) }
      },
    },
    {
      method: 'GET',
      path: '/repo/labels/:name',
      handle: call => {
        const label = host.state.labels.get(call.parameter('name').toLowerCase())
        if (!label) throw notFound()
        return { status: 200, body: labelShape(host, label.name) }
      },
    },
    {
      method: 'GET',
      path: '/repo/issues/:number/labels',
      handle: call => ({
        status: 200,
        list: findPull(host, call).labels.map(label => labelShape(host, label)),
      }),
    },
    {
      method: 'POST',
      path: '/repo/issues/:number/labels',
      handle: call => {
        const pull = findPull(host, call)
        requireTriage(call.account)
        const wanted = [...pull.labels, ...namesOf(call.body)]
        return changeLabels(host, pull, { by: call.account, wanted })
      },
    },
    {
      method: 'PUT',
      path: '/repo/issues/:number/labels',
      handle: call => {
        requireTriage(call.account)
        const wanted = namesOf(call.body)
        return changeLabels(host, findPull(host, call), { by: call.account, wanted })
      },
    },
    {
      method: 'DELETE',
      path: '/repo/issues/:number/labels',
      handle: async call => {
        requireTriage(call.account)
        await changeLabels(host, findPull(host, call), { by: call.account, wanted: [] })
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: '/repo/issues/:number/labels/:name',
      handle: call => {
        const pull = findPull(host, call)
        requireTriage(call.account)
        const wanted = pull.labels.filter(label => !isSame(label, call.parameter('name')))
        if (wanted.length === pull.labels.length) throw notFound('Label does not exist')
        return changeLabels(host, pull, { by: call.account, wanted })
      },
    },
  ]
}
