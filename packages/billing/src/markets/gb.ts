/** Great Britain: the electronic communications exclusion caps what a phone bill may carry; per number or SIM. */
import type { MarketProfile } from '../model.ts'
import { EXCLUSION_FROM, exclusionRules } from './telecom-exclusion.ts'

const GB_2018: MarketProfile = {
  market: 'GB',
  version: 'GB-2018-01-13',
  effectiveFrom: EXCLUSION_FROM,
  currency: 'GBP',
  zone: 'Europe/London',
  languages: ['en'],
  numbers: { callingCode: '44', trunkPrefix: '0' },
  ...exclusionRules({
    kinds: ['postpaid'],
    ceiling: { transaction: '40', month: '240' },
    personal: { transaction: '30', month: '50' },
    billDay: 4,
    dueDay: 18,
    objectionContact: '191',
    lateRefund: 'bill_credit',
  }),
  sources: [
    {
      about:
        'At most £40 a payment and £240 a month, per number or SIM; digital content, voice, charity, tickets',
      cite: 'fca.org.uk/electronic-communications-exclusion-ece; Payment Services Regulations 2017',
      grade: 'A',
    },
    {
      about: 'What a line starts with: £30 and £50 a month; barred when passed',
      cite: 'vodafone.co.uk/explore/costs/data-charges/payment-services-regulation-2017',
      grade: 'A',
    },
    { about: 'A receipt after every charge', cite: 'psauthority.org.uk, August 2019', grade: 'A' },
    {
      about:
        'No source found: ages, bill and due day, ladder, cancellation, fees, lag, contact 191, use of a line by a platform',
      cite: 'parameters of this project',
      grade: 'C',
    },
  ],
}

/** Regulation of phone-paid services moves from the PSA’s code to Ofcom. */
const GB_2025: MarketProfile = {
  ...GB_2018,
  version: 'GB-2025-02-01',
  effectiveFrom: '2025-02-01',
  sources: [
    ...GB_2018.sources,
    {
      about: 'Registration, due diligence, security testing and consumer protection under Ofcom',
      cite: 'Regulation of Premium Rate Services Order 2024, legislation.gov.uk/uksi/2024/1046',
      grade: 'A',
    },
  ],
}

/** Great Britain, the oldest version first. */
export const GB_PROFILES: readonly MarketProfile[] = [GB_2018, GB_2025]
