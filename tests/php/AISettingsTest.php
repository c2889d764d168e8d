<?php

declare(strict_types=1);

namespace MesChain\Tests;

use MesChain\{AI, Exception, Shop};

/** Settings of the models: defaults, what is kept, what is refused. */
final class AISettingsTest extends ShopCase
{
    public function testDefaultsHoldWithoutADatabase(): void
    {
        $settings = (new AI(['database_url' => '', 'reporting_database_url' => '']))->settings();

        self::assertSame(0.8, $settings['confidence_threshold']);
        self::assertSame(3, $settings['max_categories']);
        self::assertNull($settings['price_floor']);
        self::assertSame(0.05, $settings['prediction_log_sample']);
    }

    public function testWhatIsSavedIsReadBackAndAudited(): void
    {
        $shop = $this->freshShop();
        (new Shop($shop))->migrate();
        $ai = new AI($shop);

        $saved = $ai->saveSettings(['retrain_hour' => '5', 'price_ceiling' => 1.25, 'price_ending' => '.99'], ['user_id' => 7, 'user_name' => 'Ayşe']);

        self::assertSame([5, 1.25, '.99'], [$saved['retrain_hour'], $saved['price_ceiling'], $saved['price_ending']]);
        self::assertSame($saved, (new AI($shop))->settings());
        $schema = substr(strrchr($shop['database_url'], '/'), 1);
        [$name, $user, $detail] = self::row("SELECT user_name, user_id, detail FROM `$schema`.meschain_ai_audit WHERE action = 'settings_changed'");
        self::assertSame(['Ayşe', '7'], [$name, $user]);
        self::assertSame(['before' => 3, 'after' => 5], json_decode($detail, true)['retrain_hour']);
    }

    public function testDefaultsAreNotShownForTheSettingsOfAShopWhoseDatabaseIsAway(): void
    {
        $away = ['database_url' => 'mysql://nobody@127.0.0.1:' . self::deadPort() . '/none', 'database_timeout_ms' => '200'];

        self::assertThrows(Exception\UnreachableException::class, fn () => (new AI($away))->settings());
    }

    public function testAJobGoesByTheSettingsAsTheyAreNow(): void
    {
        $settings = $this->freshShop();
        $shop = new Shop($settings);
        $shop->migrate();
        $shop->sample(['size' => 'small', 'seed' => 9])->result();
        $ai = new AI($settings);
        $ai->train(['models' => ['pricing']])->result();
        $schema = substr(strrchr($settings['database_url'], '/'), 1);
        $ranges = fn (): array => array_map('floatval', self::row(
            "SELECT COUNT(*), MAX(ABS(JSON_VALUE(suggested_value, '$.price') / JSON_VALUE(before_value, '$.price') - 1)) FROM `$schema`.meschain_ai_suggestions WHERE kind = 'price'"
        ));
        // Read by this process within the half minute that a page's look at the settings holds, changed by another one.
        $ai->priceOptimizer()->optimizePrice((int) self::row("SELECT MIN(product_id) FROM `$schema`.oc_product")[0]);
        self::database()->query("INSERT INTO `$schema`.meschain_ai_settings (name, value) VALUES ('price_change_limit', '0.03')");
        $ai->suggestions()->generate(['kinds' => ['price']])->result();
        [$count, $largest] = $ranges();

        self::assertGreaterThan(0, $count);
        self::assertLessThan(0.031, $largest);
    }

    public function testARefusedSettingChangesNothing(): void
    {
        $shop = $this->freshShop();
        (new Shop($shop))->migrate();
        $ai = new AI($shop);
        $before = $ai->settings();

        self::assertThrows(
            Exception\ArgumentException::class,
            fn () => $ai->saveSettings(['lead_days' => 3, 'service_level' => 2]),
            'changes["service_level"]',
            'from 0.5 to 0.999',
        );
        self::assertThrows(Exception\ArgumentException::class, fn () => $ai->saveSettings(['magic' => 1]), 'magic');
        self::assertSame($before, $ai->settings());
    }

    public function testARowThatMakesNoSenseGivesTheDefault(): void
    {
        $shop = $this->freshShop();
        (new Shop($shop))->migrate();
        $schema = substr(strrchr($shop['database_url'], '/'), 1);
        self::database()->query("INSERT INTO `$schema`.meschain_ai_settings (name, value) VALUES ('lead_days', '\"soon\"'), ('gone', '1'), ('review_days', '3')");

        $settings = (new AI($shop))->settings();

        self::assertSame([7, 3], [$settings['lead_days'], $settings['review_days']]);
        self::assertArrayNotHasKey('gone', $settings);
    }
}
