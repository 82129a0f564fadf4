import type { Run } from '../run.ts'

/** Tells whether a run takes a seed as it is: detached by hand, or never on a hub. */
export const isAdopted = ({ request }: Pick<Run, 'request'>): boolean => request.adopt === true
