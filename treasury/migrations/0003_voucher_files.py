import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('treasury', '0002_processor_journals'),
        ('vault', '0002_sealed_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='VoucherFile',
            fields=[
                ('action_id', models.UUIDField(db_index=True, editable=False)),
                ('record', models.TextField(editable=False)),
                ('id', models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ('sha256', models.CharField(max_length=64)),
                ('kept_sha256', models.CharField(max_length=64)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.CharField(max_length=60)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='voucher_files', to='treasury.claim')),
                ('file', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='voucher', to='vault.sealedfile')),
            ],
            options={
                'ordering': ['added_at', 'id'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddConstraint(
            model_name='voucherfile',
            constraint=models.UniqueConstraint(fields=('claim', 'sha256'), name='voucher_file_once_a_claim'),
        ),
    ]
