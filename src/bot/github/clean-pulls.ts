import type { Ports } from '../../operations/ports/ports.ts'

/** Pull requests that are opened without any registered value in what GitHub shows of them. */
export const cleanPulls = (
  pulls: Ports['pulls'],
  clean: (text: string) => string,
): Ports['pulls'] => ({
  open: pulls.open,
  merge: pulls.merge,
  create: ({ title, body, ...where }) =>
    pulls.create({ ...where, title: clean(title), body: clean(body) }),
})
