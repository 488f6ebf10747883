import type { CommissionModel } from './commission/commission-model.ts';
import type { CommissionSettings } from './commission/commission-settings.ts';
import { makerTakerCommission } from './commission/maker-taker.ts';
import { noCommission } from './commission/no-commission.ts';
import { perShareCommission } from './commission/per-share.ts';

type CommissionName = NonNullable<CommissionSettings['model']>;

/** Every commission model by its name: a new one is a file of its own and a line here. */
const COMMISSION_MODELS: Readonly<
  Record<CommissionName, (settings: CommissionSettings, exchange: string) => CommissionModel>
> = {
  maker_taker: makerTakerCommission,
  per_share: perShareCommission,
  none: noCommission,
};

/** The model that settings name, with what it charges at that exchange. */
export function commissionModel(settings: CommissionSettings, exchange: string): CommissionModel {
  return COMMISSION_MODELS[settings.model ?? 'maker_taker'](settings, exchange);
}
