/** What begins a token for events: who shows it is a carrier, and nobody else whom the platform knows. */
export const eventTokenPrefix = 'cev_'
