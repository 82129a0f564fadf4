/** Roles that GitHub gives in a repository, each with all that the one before it may do. A custom one counts as its base. */
export const roles = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const
export type Permission = (typeof roles)[number]
